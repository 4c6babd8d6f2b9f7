export { announce } from './announce';
export * from './events';
export { Subscriptions, type SubscriptionSet } from './subscriptions';
