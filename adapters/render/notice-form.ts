import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FormDocument } from '../../domain/notice/form.js';
import { toForm } from '../../domain/notice/form.js';
import { formSchema } from '../../domain/notice/form-schema.js';
import type { NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { assertMarked } from './marking.js';

/** The form does not fit the published schema: a fault of ours. Names fields and rules, never values. */
export class FormDoesNotFit extends Error {
  override readonly name = 'FormDoesNotFit';
  constructor(readonly problems: readonly string[]) {
    super(`The form does not fit docs/schemas/edpb-notice-corrected.schema.json: ${problems.join('; ')}.`);
  }
}

let compiled: ValidateFunction | undefined;
function validator(): ValidateFunction {
  if (compiled) return compiled;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  compiled = ajv.compile(formSchema());
  return compiled;
}

/** All problems of a form by field and rule; none when it fits. */
export function formProblems(form: FormDocument): string[] {
  const fits = validator();
  if (fits(form)) return [];
  return [
    ...new Set(
      (fits.errors ?? [])
        .filter(({ keyword }) => keyword !== 'if')
        .map(({ instancePath, message }) => `${instancePath.slice(1) || 'the form'} ${message ?? ''}`.trim()),
    ),
  ];
}

export function noticeForm(content: NoticeContent, envelope: NoticeEnvelope): string {
  const form = toForm(content, envelope);
  const problems = formProblems(form);
  if (problems.length > 0) throw new FormDoesNotFit(problems);
  assertMarked(content.mode, { 'field_7 of the form': { text: JSON.stringify(form['field_7'] ?? '') } });
  return `${JSON.stringify(form, null, 2)}\n`;
}
