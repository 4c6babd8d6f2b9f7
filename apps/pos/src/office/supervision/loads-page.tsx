export { LoadsPage as default } from './messages-page';
