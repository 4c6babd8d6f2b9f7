import { formatTaka } from '@vend/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { html, label, sendPage, type Html } from '../http/html';

/** What a payer does at a gateway's page. */
export const payerAction = z.object({ action: z.enum(['pay', 'fail', 'cancel']) });
export type PayerAction = z.output<typeof payerAction>['action'];

/** What the payer's browser does next: a form is posted, an address is opened. */
export interface NextStep {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** What is paid for, as the page shows it. */
export interface PaymentOnPage {
  readonly gateway: string;
  readonly orderNo: string;
  readonly reference: string;
  readonly amountPaisa: bigint;
}

const ACTIONS = [
  ['pay', 'পরিশোধ করুন', 'Pay'],
  ['fail', 'ব্যর্থ হোক', 'Let it fail'],
  ['cancel', 'বাতিল', 'Cancel'],
] as const;

/** A gateway's page for people: what is to be paid, and three buttons. */
export async function sendPayPage(reply: FastifyReply, payment: PaymentOnPage): Promise<void> {
  const body: Html = html`<section class="card">
    <p>${payment.gateway} · ${payment.orderNo} · ${payment.reference}</p>
    <p class="display">৳ ${formatTaka(payment.amountPaisa)}</p>
    <form method="post">
      ${ACTIONS.map(([action, bn, en]) => html`<button name="action" value="${action}">${label(bn, en)}</button>`)}
    </form>
  </section>`;
  await sendPage(reply, 'পরিশোধ', 'Payment', body);
}

/** Tells a machine where the payer's browser goes next, and people by a page with the way back. */
export async function sendOn(reply: FastifyReply, accept: string, next: NextStep): Promise<void> {
  if (accept.includes('application/json')) return void (await reply.send({ next }));
  const back = label('দোকানে ফিরুন', 'Back to the merchant');
  const fields = Object.entries(next.form ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  // A link where it will do: a page that may post forms to somebody else must name them.
  const way =
    next.method === 'GET'
      ? html`<a href="${next.url}">${back}</a>`
      : html`<form method="post" action="${next.url}">${fields}<button>${back}</button></form>`;
  await sendPage(reply, 'পরিশোধ', 'Payment', html`<section class="card">${way}</section>`, {
    formsTo: new URL(next.url).origin,
  });
}
