import { recordAudit } from '@vend/identity';
import type { Id, InstantMs } from '@vend/kernel';
import type { TemplateCode } from '@vend/messages';
import { settleOutbox, type Database, type Tx } from '@vend/platform';
import { queueMessages } from '@vend/sms';
import { decide, type Decision, type MeterWord } from './decision';
import type { InboundItem } from './inbound-sms';
import { nextTurn } from './limits';
import { accountValues, dayWords, type MeterFacts } from './meter-facts';
import { chooseNotices } from './notice-choices';
import { readQuestion, type Question } from './question';
import { concludeInbound, findInbound, type InboundEnd } from './store/inbound';
import { findPhoneHolder, lockAsker, saveAsker, type PhoneHolder, type PhoneMeter } from './store/phones';

/** An answer to be queued: all of it but the token's text and the phone, which are read when it is sent. */
interface Answer {
  readonly template: TemplateCode;
  readonly language: 'bn' | 'en';
  readonly values: Record<string, string>;
  readonly meter: PhoneMeter | null;
  readonly vendId: Id | null;
}

/** Nobody is registered with more than this on one SMS. */
const METERS_NAMED_MAX = 3;

/**
 * Works what customers wrote. Each message is ended in one transaction with its answer, its effect and its trace in the
 * audit trail: worked twice, or by two workers, it is answered once.
 */
export class InboundService {
  constructor(
    private readonly database: Database,
    private readonly facts: MeterFacts,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Works one stored message.
   *
   * @returns its outcome as a machine code: the word answered, or why nobody was; undefined when it had been worked
   * @example await inbound.work(inboundId) // 'BAL'
   */
  async work(inboundId: Id): Promise<string | undefined> {
    const [item] = await findInbound(this.database, [inboundId]);
    if (item?.state !== 'RECEIVED') {
      await this.database.transaction((tx) => settleOutbox(tx, 'sms-inbound', [inboundId]));
      return undefined;
    }
    const question = readQuestion(item.words);
    const word = question.kind === 'word' ? question.word : null;
    const silent = (outcome: string): InboundEnd => ({
      ...{ state: 'SILENT', word, outcome },
      ...{ language: null, customerId: null, meterId: null, vendId: null },
    });
    const { phone } = item;
    if (phone === null) return this.end(inboundId, (tx) => this.conclude(tx, item, silent('no-phone')));
    const holder = await findPhoneHolder(this.database, phone);
    const decision = decide(question, holder);
    if (decision.kind === 'silent') return this.end(inboundId, (tx) => this.conclude(tx, item, silent(decision.why)));
    const answer = await this.answerOf(decision, question, holder);

    return this.end(inboundId, async (tx) => {
      const now = new Date(this.now());
      const turns = await lockAsker(tx, phone, now);
      const turn = nextTurn(turns, decision.kind === 'neutral' ? 'neutral' : 'full', now);
      // What a customer chooses counts however often they write; only the answer is left out.
      if (turn === null) {
        const outcome = await this.conclude(tx, item, silent('too-often'));
        if (outcome !== undefined) await this.choose(tx, item, decision, holder);
        return outcome;
      }
      const outcome = await this.conclude(tx, item, {
        ...{ state: 'ANSWERED', word, outcome: answer.template, language: answer.language },
        ...{ customerId: answer.meter?.customerId ?? null, meterId: answer.meter?.meterId ?? null },
        vendId: answer.vendId,
      });
      if (outcome === undefined) return undefined;
      await this.choose(tx, item, decision, holder);
      await saveAsker(tx, phone, turn);
      if (answer.vendId !== null) await this.auditTokens(tx, item, answer.vendId, answer.meter!, now);
      const about = { kind: 'inbound', id: inboundId } as const;
      await queueMessages(
        tx,
        [{ template: answer.template, subject: about, recipient: about, values: answer.values }],
        now,
      );
      return outcome;
    });
  }

  /** The end of the work and of its outbox row are one commit. */
  private end(inboundId: Id, work: (tx: Tx) => Promise<string | undefined>): Promise<string | undefined> {
    return this.database.transaction(async (tx) => {
      const outcome = await work(tx);
      await settleOutbox(tx, 'sms-inbound', [inboundId]);
      return outcome;
    });
  }

  private async conclude(tx: Tx, { inboundId }: InboundItem, end: InboundEnd): Promise<string | undefined> {
    return (await concludeInbound(tx, inboundId, end, new Date(this.now()))) ? end.outcome : undefined;
  }

  private async answerOf(
    decision: Exclude<Decision, { kind: 'silent' }>,
    question: Question,
    { customers, meters }: PhoneHolder,
  ): Promise<Answer> {
    const asked = question.kind === 'no-question' ? 'bn' : question.language;
    const own = customers[0]?.language ?? meters[0]?.language ?? asked;
    const plain = { language: own, values: {}, meter: null, vendId: null };
    switch (decision.kind) {
      case 'neutral':
        // In the language of the question: that of the customer would tell that there is one.
        return { ...plain, template: 'answer-neutral', language: asked };
      case 'help':
        return { ...plain, template: 'answer-help' };
      case 'choice':
        return { ...plain, template: decision.wanted ? 'answer-start' : 'answer-stop' };
      case 'which': {
        const named = meters.slice(0, METERS_NAMED_MAX).map(({ meterNo }) => meterNo);
        const example = meters[0]!.customerNo === meters[1]!.customerNo ? named[0]! : meters[0]!.customerNo;
        const values = { word: decision.word, meters: named.join(', '), example };
        return { ...plain, template: 'answer-which', values };
      }
      case 'meter':
        return this.aboutMeter(decision.word, decision.meter);
    }
  }

  private async aboutMeter(word: MeterWord, meter: PhoneMeter): Promise<Answer> {
    const { language, meterNo, meterId } = meter;
    const told = { language, meter, vendId: null };
    if (word === 'BAL') {
      const values = accountValues(await this.facts.accountOf(meterId, this.now()));
      return { ...told, template: 'answer-balance', values: { meter: meterNo, ...values } };
    }
    const last = await this.facts.lastTokensOf(meterId);
    const day = last ? dayWords(last.at) : '';
    if (word === 'USE') {
      const count = last ? String(last.tokens) : '';
      return { ...told, template: 'answer-use', values: { meter: last ? meterNo : '', day, count } };
    }
    if (!last) return { ...told, template: 'answer-no-token', values: { meter: meterNo } };
    return { ...told, template: 'answer-token', values: { meter: meterNo, day }, vendId: last.vendId };
  }

  private async choose(tx: Tx, item: InboundItem, decision: Decision, { customers }: PhoneHolder): Promise<void> {
    if (decision.kind !== 'choice') return;
    const { wanted } = decision;
    const said = { wanted, by: `sms:${item.inboundId}`, at: item.receivedAt };
    for (const { customerId, customerNo } of customers) await chooseNotices(tx, { customerId, customerNo, ...said });
  }

  private async auditTokens(tx: Tx, item: InboundItem, vendId: Id, meter: PhoneMeter, now: Date): Promise<void> {
    await recordAudit(tx, {
      ...{ actor: `sms:${item.inboundId}`, action: 'tokens-answered', subject: `vend:${vendId}` },
      ...{ detail: { meterNo: meter.meterNo, customerNo: meter.customerNo }, at: now.getTime() },
    });
  }
}
