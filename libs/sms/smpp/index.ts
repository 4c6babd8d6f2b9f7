export type { DeliveryReceipt } from './receipt-desk';
export type { AcceptedPart } from './dispatcher';
export type { InboundSms } from './inbound-desk';
export type { LinkChange } from './link';
export type { SmppLinkOptions } from './link-options';
export { segmentText, type JoinMethod, type SegmentedText } from './segments';
export { SmppGateway, type LinkHealth, type SmppGatewayOptions } from './smpp-gateway';
