export { TEMPLATE_CLASS, TEMPLATE_CODES, TEMPLATES, type MessageClass, type TemplateCode } from './codes';
export { parseTemplate, placeholdersIn, TemplateSyntaxError, type SmsTemplate, type TemplatePiece } from './template';
export { renderSms, type RenderedSms, type RenderOptions } from './render';
export {
  storedValues,
  type MessageRecipient,
  type MessageSource,
  type MessageSources,
  type MessageSubject,
  type MessageToFill,
  type MessageValues,
} from './sources';
export { PublishedTemplates } from './published';
export { strayCharacters, type StrayCharacter } from './characters';
export { previewTemplate, type TemplateFinding, type TemplatePreview } from './lint';
export { MESSAGES_ERRORS, type MessagesErrorCode } from './messages.errors';
export { Templates, type TemplateDraft } from './templates.service';
export { type TemplateVersion } from './store/templates';
export { oneTimeCodeSource, OneTimeCodes, type CodeAnswer, type IssuedCode, type QueueCode } from './one-time-codes';
