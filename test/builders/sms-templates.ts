/** The texts of SMS as they were released: version 1 of each template, in both languages. */
export { default as RELEASED_TEMPLATES } from '../../libs/platform/migrations/0014-sms-templates.data.json';
