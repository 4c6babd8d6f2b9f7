export { type AccountFacts, type LastTokens, type MeterFacts } from './meter-facts';
export { INBOUND_WORDS, QUESTION_MAX_UNITS, readQuestion, type InboundWord, type Question } from './question';
export { parseSmsPush } from './sms-push';
export { inboundAnswers, type InboundAnswer } from './store/inbound';
export { optedOut, readNoticeChoice, saveNoticeChoice, type NoticeChoice } from './store/notice-choices';
