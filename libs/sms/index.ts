export * from './csms-id';
export * from './sms-gateway';
export * from './smpp';
export { SmsHttpV3Gateway, type SmsHttpV3Options } from './sms-http-v3';
export * from './notice';
export { SMS_ERRORS, type SmsErrorCode } from './sms.errors';
export { DeliveryBook } from './messages/delivery-book';
export type { MessageAttempt, MessageKey, StoredMessage } from './messages/message';
export { CLASS_TOPIC, queueMessages, type QueuedMessage } from './messages/queue';
export { delivererOf, type Deliverer } from './routing/deliverer';
export { CLASS_POLICY, CLASSES } from './routing/class-policy';
export { GatewayFleet, type FleetEvents } from './routing/gateway-fleet';
export {
  GATEWAY_PROFILES,
  GATEWAY_TERMS,
  parseGateway,
  type GatewayProfile,
  type GatewayRecord,
} from './routing/gateway-settings';
export { LocalPace, type SmsPace } from './routing/pace';
export { RedisPace } from './routing/redis-pace';
export type { SmsRoute } from './routing/route';
export { RoutedSms, type RoutedMessage, type RoutedOutcome, type RouteReport } from './routing/routed-sms';
export {
  gatewayHealth,
  listGateways,
  openGateways,
  partPricePaisa,
  reportHealth,
  saveGateway,
  type GatewayChange,
  type GatewayHealth,
  type OpenedGateway,
} from './store/gateways';
export {
  findMessageCard,
  listMessages,
  partsOf,
  retryMessage,
  type MessageCard,
  type MessageQuestion,
  type PartCard,
} from './store/message-list';
export { findMessages, findMessagesAbout, findReceipts, receiptStates, saveAttempts } from './store/messages';
export { concludeDeliveries, deliveryFates, forgetParts, lockParts } from './store/parts';
