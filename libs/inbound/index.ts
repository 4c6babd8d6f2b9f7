export { InboundModule } from './inbound.module';
export { InboundService } from './inbound.service';
export { INBOUND_MOVES, type ReceivedSms } from './inbound-sms';
export { type AccountFacts, type LastTokens, type MeterFacts } from './meter-facts';
export { NoticeChoices } from './notice-choices';
export { receiveInbound } from './receiving';
export { parseSmsPush } from './sms-push';
export { inboundAnswers, type InboundAnswer } from './store/inbound';
export { optedOut, optedOutBetween, type NoticeChoice } from './store/notice-choices';
