export { announce } from './announce';
export { WebhookDelivery, type Delivered } from './delivery';
export * from './events';
export { WebhookSender } from './sender';
export { dueEndpoints, listEndpoints, type WebhookEndpoint } from './store/endpoints';
export { forgetDelivered } from './store/history';
export {
  findMessage,
  listAttempts,
  listMessages,
  messageFigures,
  WEBHOOK_MESSAGE_STATES,
  type WebhookAttempt,
  type WebhookMessage,
  type WebhookMessageState,
} from './store/messages';
export { Subscriptions, type SubscriptionSet } from './subscriptions';
export { WEBHOOKS_ERRORS, type WebhooksErrorCode } from './webhooks.errors';
export { Webhooks } from './webhooks.service';
