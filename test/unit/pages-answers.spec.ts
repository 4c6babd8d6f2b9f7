/*
 * Proves that what the pages believe of the server's answers is what the API gives: the compiler holds the API's own types
 * against the pages' in `npm run check`, and a quote is looked at with both eyes here.
 */
import type { MeterSearchDto } from '../../apps/api/meters/meter.dto';
import type { QuoteDto } from '../../apps/api/quotes/quote.dto';
import type { RechargeDto, TillDayDto } from '../../apps/api/recharges/recharge.dto';
import type { PageSessionDto, SecondFactorDto } from '../../apps/api/sessions/session.dto';
import type { Problem } from '../../apps/api/http/problems';
import type { ApprovalDto, ApprovalPageDto } from '../../apps/api/approvals/approval.dto';
import type { CaseDto, CaseRowDto } from '../../apps/api/cases/case.dto';
import type { ApprovalNeededDto } from '../../apps/api/http/approval-needed';
import type * as dashboard from '../../apps/api/dashboard/dashboard.dto';
import type { MessageDto } from '../../apps/api/messages/message.dto';
import type { RemoteLoadDto } from '../../apps/api/remote-loads/remote-load.dto';
import type { ReviewDto } from '../../apps/api/reviews/review.dto';
import type * as supervision from '../../apps/pos/src/office/supervision/supervision-answers';
import type * as checkout from '../../apps/api/checkout/checkout.dto';
import type { CustomerCardDto, HistoryDto } from '../../apps/api/customers/life.views';
import type { NoticeChoiceDto } from '../../apps/api/customers/notice-choices.controller';
import type { MeterAccountDto, MeterVendsDto } from '../../apps/api/meters/meter-account.dto';
import type { MeterCardDto } from '../../apps/api/meters/meter-life.dto';
import type { PenaltyListDto } from '../../apps/api/penalties/penalty.dto';
import type { TraceDto } from '../../apps/api/trace/trace.dto';
import type { FeeListDto } from '../../apps/api/vends/counter-money.dto';
import type { FloatLineDto } from '../../apps/api/floats/floats.dto';
import type * as shifts from '../../apps/api/counter/shifts.dto';
import type * as own from '../../apps/api/my/my.dto';
import type * as customer from '../../apps/pos/src/customer/own-answers';
import type * as cash from '../../apps/pos/src/office/cash/cash-answers';
import type * as meters from '../../apps/pos/src/office/meters/answers';
import type { AskedApproval, Fee } from '../../apps/pos/src/office/work/answers';
import type * as pages from '../../apps/pos/src/shared/answers';
import type * as keyDtos from '../../apps/api/keys/key.dto';
import type { ImportDto } from '../../apps/api/imports/import.dto';
import type * as tariffDtos from '../../apps/api/tariffs/tariff.dto';
import type * as imports from '../../apps/pos/src/office/imports/import-answers';
import type * as keys from '../../apps/pos/src/office/keys/key-answers';
import type * as tariffs from '../../apps/pos/src/office/tariffs/tariff-answers';

/** A page of a list. */
interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

/** Compiles only when whatever the API answers can be read as the page reads it. */
type Reads<Answer extends Page, Page> = Answer;

interface Agreed {
  readonly session: Reads<PageSessionDto, pages.PageSession>;
  readonly phone: Reads<SecondFactorDto, pages.PhoneSecret>;
  readonly search: Reads<MeterSearchDto, pages.MeterSearch>;
  readonly quote: Reads<QuoteDto, pages.Quote>;
  readonly tillDay: Reads<TillDayDto, pages.TillDay>;
  readonly recharge: Reads<RechargeDto, pages.Recharge>;
  readonly wholeMeter: Reads<MeterCardDto, meters.WholeMeter>;
  readonly wholeCustomer: Reads<CustomerCardDto, meters.WholeCustomer>;
  readonly meterAccount: Reads<MeterAccountDto, meters.MeterAccount>;
  readonly meterVends: Reads<MeterVendsDto, ListPage<meters.MeterVend>>;
  readonly penalties: Reads<PenaltyListDto, { readonly items: readonly meters.Penalty[] }>;
  readonly deliveries: Reads<TraceDto, meters.Deliveries>;
  readonly history: Reads<HistoryDto, meters.RecordHistory>;
  readonly noticeChoice: Reads<NoticeChoiceDto, meters.NoticeChoice>;
  readonly fees: Reads<FeeListDto, { readonly items: readonly Fee[] }>;
  readonly askedApprovals: Reads<ApprovalPageDto, ListPage<AskedApproval>>;
  readonly problem: Reads<Problem, pages.Problem>;
  readonly tillLine: Reads<shifts.TillStateDto, pages.TillLine>;
  readonly tillState: Reads<shifts.TillStateDto, cash.TillState>;
  readonly shift: Reads<shifts.ShiftReportDto, cash.ShiftReport>;
  readonly stationDay: Reads<shifts.StationDayDto, cash.StationDay>;
  readonly bankDeposit: Reads<shifts.BankDepositDto, cash.BankDeposit>;
  readonly stationTerms: Reads<shifts.StationTermsDto, cash.StationTerms>;
  readonly floatLine: Reads<FloatLineDto, cash.FloatLine>;
  readonly codeAsked: Reads<own.CodeAskedDto, customer.CodeAsked>;
  readonly ownSession: Reads<own.OwnSessionDto, customer.OwnSession>;
  readonly ownMeters: Reads<own.OwnMetersDto, customer.OwnMeters>;
  readonly ownAccount: Reads<own.OwnAccountDto, customer.OwnAccount>;
  readonly ownQuote: Reads<own.OwnQuoteDto, customer.OwnQuote>;
  readonly ownRecharges: Reads<own.OwnRechargesDto, customer.OwnRecharges>;
  readonly ownReceipt: Reads<own.OwnReceiptDto, customer.OwnReceipt>;
  readonly ownTokens: Reads<own.OwnTokensDto, customer.OwnTokens>;
  readonly ownNotices: Reads<own.OwnNoticesDto, customer.OwnNotices>;
  readonly gateways: Reads<checkout.GatewaysDto, customer.Gateways>;
  readonly orderStarted: Reads<checkout.CheckoutStartedDto, customer.OrderStarted>;
  readonly ownPayment: Reads<own.OwnPaymentDto, customer.OwnPayment>;
  readonly tariffList: Reads<tariffDtos.TariffListDto, tariffs.TariffList>;
  readonly tariffWhole: Reads<tariffDtos.TariffWholeDto, tariffs.TariffWhole>;
  readonly lint: Reads<tariffDtos.LintDto, tariffs.Lint>;
  readonly comparison: Reads<tariffDtos.ComparisonDto, tariffs.Comparison>;
  readonly calculation: Reads<tariffDtos.CalculationDto, tariffs.Calculation>;
  readonly asked: Reads<ApprovalDto, tariffs.Asked>;
  readonly keyStatus: Reads<keyDtos.KeyStatusDto, keys.KeyStatus>;
  readonly campaign: Reads<keyDtos.CampaignWholeDto, keys.CampaignWhole>;
  readonly import: Reads<ImportDto, imports.Import>;
  readonly salesDay: Reads<dashboard.SalesDayDto, supervision.SalesDay>;
  readonly attention: Reads<dashboard.AttentionDto, supervision.Attention>;
  readonly dashboardHealth: Reads<dashboard.DashboardHealthDto, supervision.DashboardHealth>;
  readonly approval: Reads<ApprovalDto, supervision.Approval>;
  readonly approvalNeeded: Reads<ApprovalNeededDto, supervision.ApprovalNeeded>;
  readonly review: Reads<ReviewDto, supervision.Review>;
  readonly message: Reads<MessageDto, supervision.Message>;
  readonly remoteLoad: Reads<RemoteLoadDto, supervision.RemoteLoad>;
  readonly trace: Reads<TraceDto, supervision.Trace>;
  readonly caseRow: Reads<CaseRowDto, supervision.CaseRow>;
  readonly wholeCase: Reads<CaseDto, supervision.Case>;
}

it('reads the lines of a quote as the page does', () => {
  const answer: Pick<Agreed['quote'], 'amount' | 'lines'> = {
    amount: { value: '500.00', currency: 'BDT' },
    lines: [
      { code: 'vat', amount: '23.81', label: { en: 'VAT', bn: 'ভ্যাট' }, why: { en: '5 %', bn: '5 %' }, papers: [] },
    ],
  };
  const read: Pick<pages.Quote, 'amount' | 'lines'> = answer;
  expect(read.lines[0]?.label.bn).toBe('ভ্যাট');
});
