import type { NoticeRenderer } from '../../activities/ports.js';
import { noticeForm } from './notice-form.js';
import { noticePdf } from './notice-pdf.js';
import { noticeText } from './notice-text.js';

/** The three renderings of one notice. Pure: the same content and envelope give the same bytes, whenever and wherever. */
export const createNoticeRenderer = (): NoticeRenderer => ({ pdf: noticePdf, form: noticeForm, text: noticeText });
