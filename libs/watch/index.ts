export { REVIEW_STATES, type ReviewItem, type ReviewQuestion, type ReviewState } from './store/reviews';
export * from './watch';
export * from './watch.errors';
export { WatchModule } from './watch.module';
export { Watch } from './watch.service';
