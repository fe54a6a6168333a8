import type { NoticeRenderer } from '../../activities/ports.js';
import { asTold } from '../../domain/notice/as-told.js';
import { noticeForm } from './notice-form.js';
import { noticePdf } from './notice-pdf.js';
import { noticeText } from './notice-text.js';

/** The three renderings of one notice. Pure: the same content and envelope give the same bytes, whenever and wherever. */
export const createNoticeRenderer = (): NoticeRenderer => ({
  pdf: (content, envelope) => noticePdf(asTold(content, envelope), envelope),
  form: (content, envelope) => noticeForm(asTold(content, envelope), envelope),
  text: (content, envelope) => noticeText(asTold(content, envelope), envelope),
});
