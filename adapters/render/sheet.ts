import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { toMs, type Instant } from '../../domain/clock/instant.js';

/** A4 pages with tagged text (PDF/UA-1, PDF/A-3a): the primitives that a notice is set with. Units are points. */

type Doc = InstanceType<typeof PDFDocument>;
type Struct = ReturnType<Doc['struct']>;

export const COLOUR = {
  ink: '#1a1d21',
  soft: '#565d66',
  line: '#c9cfd6',
  wash: '#f3f5f7',
  accent: '#12466b',
  late: '#9b1c1c',
  pending: '#8a4b00',
  good: '#1d5e34',
} as const;
const MARGIN = { left: 50, right: 50, top: 66, bottom: 74 } as const;
const WIDTH = 595.28 - MARGIN.left - MARGIN.right;
const LABEL_WIDTH = 186;
const GAP = 14;
/** A heading never stands alone at the foot of a page: room for it and a tall first row. */
const ROOM_BELOW_HEADING = 110;
const require = createRequire(import.meta.url);
const font = (file: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`);
const FONTS = {
  text: 'DejaVuSansCondensed',
  bold: 'DejaVuSansCondensed-Bold',
  italic: 'DejaVuSansCondensed-Oblique',
  mono: 'DejaVuSansMono',
} as const;
type FontName = keyof typeof FONTS;

export interface SheetOptions {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly keywords: string;
  /** Every date in the file, so that the same content gives the same bytes. */
  readonly at: Instant;
}

interface Style {
  readonly font?: FontName;
  readonly size?: number;
  readonly colour?: string;
}

/** pdfkit takes it; its types do not know it yet. */
const ROW_HEADER: object = { scope: 'Row' };

const PDFUA = `
        <rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
            <pdfuaid:part>1</pdfuaid:part>
        </rdf:Description>`;
/** PDF/A wants to be told what an identifier means that is not its own. */
const PDFUA_DECLARED = `
        <rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
            <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
                <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
                <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
                <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
                <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
                    <pdfaProperty:name>part</pdfaProperty:name>
                    <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
                    <pdfaProperty:category>internal</pdfaProperty:category>
                    <pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
                </rdf:li></rdf:Seq></pdfaSchema:property>
            </rdf:li></rdf:Bag></pdfaExtension:schemas>
        </rdf:Description>`;

/** A character that the font does not have would be an empty box and break the standard: it is shown as U+FFFD instead. */
interface Glyphs {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

export class Sheet {
  private readonly doc: Doc;
  private readonly root: Struct;
  private readonly bytes: Promise<Uint8Array>;
  private readonly glyphs: Glyphs;

  constructor(options: SheetOptions) {
    const at = new Date(toMs(options.at));
    this.doc = new PDFDocument({
      size: 'A4',
      margins: MARGIN,
      bufferPages: true,
      tagged: true,
      lang: 'en',
      displayTitle: true,
      pdfVersion: '1.7',
      subset: 'PDF/A-3a',
      font: font(FONTS.text),
      info: {
        Title: options.title,
        Author: options.author,
        Subject: options.subject,
        Keywords: options.keywords,
        Creator: 'seventytwo',
        Producer: 'seventytwo (pdfkit)',
        CreationDate: at,
        ModDate: at,
      },
    });
    const parts: Uint8Array[] = [];
    this.bytes = new Promise((resolve, reject) => {
      this.doc.on('data', (part: Uint8Array) => parts.push(part));
      this.doc.on('end', () => resolve(Buffer.concat(parts)));
      this.doc.on('error', reject);
    });
    for (const name of Object.keys(FONTS) as FontName[]) this.doc.registerFont(name, font(FONTS[name]));
    this.doc.appendXML(PDFUA_DECLARED);
    this.doc.appendXML(PDFUA);
    this.doc.font('text');
    this.glyphs = (this.doc as unknown as { _font: { font: Glyphs } })._font.font;
    this.root = this.doc.struct('Document');
    this.doc.addStructure(this.root);
  }

  private get bottom(): number {
    return this.doc.page.height - MARGIN.bottom;
  }
  private styled({ font: name = 'text', size = 9.5, colour = COLOUR.ink }: Style): Doc {
    return this.doc.font(name).fontSize(size).fillColor(colour);
  }
  /** Control characters out, line ends as one, and nothing that the font cannot show. */
  private clean(text: string): string {
    return Array.from(text.normalize('NFC').replace(/\r\n?/g, '\n').replace(/\t/g, '    '), (char) => {
      const code = char.codePointAt(0) ?? 0;
      if (char === '\n') return char;
      return code < 0x20 || (code >= 0x7f && code < 0xa0) || !this.glyphs.hasGlyphForCodePoint(code) ? '\ufffd' : char;
    }).join('');
  }
  /** One line, in the style that is set: what does not fit is cut with an ellipsis. */
  private fitting(text: string): string {
    const whole = this.clean(text);
    if (this.doc.widthOfString(whole) <= WIDTH) return whole;
    let cut = Array.from(whole);
    while (cut.length > 0 && this.doc.widthOfString(`${cut.join('')}…`) > WIDTH) cut = cut.slice(0, -1);
    return `${cut.join('').trimEnd()}…`;
  }
  private heightOf(text: string, width: number, style: Style): number {
    return this.styled(style).heightOfString(this.clean(text), { width, lineGap: 1.5 });
  }
  private artifact(draw: () => void): void {
    this.doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.doc.endMarkedContent();
  }
  /** Begins a new page when less than `height` is left. */
  room(height: number): void {
    if (this.doc.y + height > this.bottom) this.doc.addPage();
  }
  newPage(): void {
    this.doc.addPage();
  }
  space(points: number): void {
    this.doc.y += points;
  }

  private put(parent: Struct, tag: string, text: string, x: number, y: number, width: number, style: Style): void {
    const element = this.doc.struct(tag, {}, [
      () => {
        this.styled(style).text(this.clean(text), x, y, { width, lineGap: 1.5 });
      },
    ]);
    parent.add(element);
    element.end();
  }

  heading(level: 1 | 2, text: string): void {
    const style: Style =
      level === 1
        ? { font: 'bold', size: 21, colour: COLOUR.accent }
        : { font: 'bold', size: 12, colour: COLOUR.accent };
    if (level === 2) {
      this.room(ROOM_BELOW_HEADING);
      this.space(12);
    }
    this.put(this.root, `H${level}`, text, MARGIN.left, this.doc.y, WIDTH, style);
    this.space(level === 1 ? 2 : 3);
    if (level === 2) {
      this.artifact(() =>
        this.doc
          .moveTo(MARGIN.left, this.doc.y)
          .lineTo(MARGIN.left + WIDTH, this.doc.y)
          .lineWidth(0.8)
          .strokeColor(COLOUR.accent)
          .stroke(),
      );
      this.space(4);
    }
  }

  paragraph(text: string, style: Style = {}): void {
    this.room(Math.min(this.heightOf(text, WIDTH, style), 120));
    this.put(this.root, 'P', text, MARGIN.left, this.doc.y, WIDTH, style);
    this.space(3);
  }

  /** A line that must not be overlooked: white on colour, over the whole width. */
  banner(text: string, colour: string): void {
    const style: Style = { font: 'bold', size: 10.5, colour: '#ffffff' };
    const height = this.heightOf(text, WIDTH - 20, style) + 10;
    this.room(height);
    const top = this.doc.y;
    this.artifact(() => this.doc.rect(MARGIN.left, top, WIDTH, height).fill(colour));
    this.put(this.root, 'P', text, MARGIN.left + 10, top + 6, WIDTH - 20, style);
    this.doc.y = top + height + 6;
  }

  bullets(items: readonly string[]): void {
    const list = this.doc.struct('L');
    this.root.add(list);
    for (const item of items) {
      this.room(Math.min(this.heightOf(item, WIDTH - 12, {}), 120));
      const line = this.doc.struct('LI');
      list.add(line);
      const { y } = this.doc;
      this.put(line, 'Lbl', '•', MARGIN.left, y, 10, { colour: COLOUR.accent });
      this.put(line, 'LBody', item, MARGIN.left + 12, y, WIDTH - 12, {});
      line.end();
      this.space(1);
    }
    list.end();
    this.space(3);
  }

  /** Label left, answer right; a table for who listens to it. An answer longer than a page runs on. */
  rows(
    lines: readonly {
      readonly no?: number;
      readonly label: string;
      readonly answer: string;
      readonly note?: { readonly text: string; readonly colour: string };
      readonly style?: Style;
    }[],
    wash = false,
  ): void {
    const table = this.doc.struct('Table');
    this.root.add(table);
    const answerX = MARGIN.left + LABEL_WIDTH + GAP;
    const answerWidth = WIDTH - LABEL_WIDTH - GAP - (wash ? 8 : 0);
    for (const { no, label, answer, note, style = {} } of lines) {
      const indent = no === undefined ? (wash ? 8 : 0) : 24;
      const labelX = MARGIN.left + indent;
      const labelWidth = LABEL_WIDTH - indent;
      const labelStyle: Style = { size: 8.5, colour: COLOUR.soft };
      const noteHeight = note ? this.heightOf(note.text, labelWidth, { font: 'bold', size: 7.5 }) + 1 : 0;
      const height =
        Math.max(this.heightOf(label, labelWidth, labelStyle) + noteHeight, this.heightOf(answer, answerWidth, style)) +
        7;
      this.room(Math.min(height, this.bottom - MARGIN.top, 260));
      const top = this.doc.y;
      const startPage = this.doc.bufferedPageRange().count;
      if (wash) this.artifact(() => this.doc.rect(MARGIN.left, top - 3, WIDTH, height).fill(COLOUR.wash));
      const row = this.doc.struct('TR');
      table.add(row);
      const head = this.doc.struct('TH', ROW_HEADER);
      row.add(head);
      if (no !== undefined)
        this.put(head, 'P', String(no), MARGIN.left, top, 22, { ...labelStyle, colour: COLOUR.accent });
      this.put(head, 'P', label, labelX, top, labelWidth, labelStyle);
      if (note)
        this.put(head, 'P', note.text, labelX, this.doc.y, labelWidth, {
          font: 'bold',
          size: 7.5,
          colour: note.colour,
        });
      head.end();
      const labelEnd = this.doc.y;
      const cell = this.doc.struct('TD');
      row.add(cell);
      this.put(cell, 'P', answer, answerX, top, answerWidth, style);
      cell.end();
      row.end();
      const ranOn = this.doc.bufferedPageRange().count > startPage;
      this.doc.y = ranOn ? this.doc.y : Math.max(this.doc.y, labelEnd);
      if (wash) this.doc.y = ranOn ? this.doc.y : top + height;
      else {
        this.space(3);
        this.artifact(() =>
          this.doc
            .moveTo(MARGIN.left, this.doc.y)
            .lineTo(MARGIN.left + WIDTH, this.doc.y)
            .lineWidth(0.4)
            .strokeColor(COLOUR.line)
            .stroke(),
        );
        this.space(4);
      }
    }
    table.end();
  }

  attach(bytes: Uint8Array, name: string, description: string, mediaType: string, at: Instant): void {
    const date = new Date(toMs(at));
    const options = {
      name,
      description,
      type: mediaType,
      relationship: 'Alternative',
      creationDate: date,
      modifiedDate: date,
    };
    this.doc.file(Buffer.from(bytes), options);
  }

  /** Head and foot of every page, drawn last because only then the number of pages is known. Answers how many pages got them. */
  frame(
    each: (
      page: number,
      pages: number,
    ) => { head: string; headColour?: string; foot: readonly { text: string; style: Style }[]; mark: string | null },
  ): number {
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.doc.switchToPage(page);
      const { head, foot, mark } = each(page - start + 1, count);
      const { margins } = this.doc.page;
      this.doc.page.margins = { ...margins, top: 0, bottom: 0 };
      this.doc.markContent('Artifact', { type: 'Pagination' });
      const plain = { width: WIDTH, lineBreak: false } as const;
      if (mark !== null)
        this.styled({ font: 'bold', size: 10, colour: COLOUR.late }).text(mark, MARGIN.left, 20, {
          width: WIDTH,
          align: 'center',
          lineBreak: false,
        });
      this.styled({ size: 7.5, colour: COLOUR.soft });
      this.doc.text(this.fitting(head), MARGIN.left, 38, plain);
      this.doc
        .moveTo(MARGIN.left, 51)
        .lineTo(MARGIN.left + WIDTH, 51)
        .lineWidth(0.4)
        .strokeColor(COLOUR.line)
        .stroke();
      let y = this.doc.page.height - 60;
      this.doc
        .moveTo(MARGIN.left, y - 4)
        .lineTo(MARGIN.left + WIDTH, y - 4)
        .lineWidth(0.4)
        .strokeColor(COLOUR.line)
        .stroke();
      for (const { text, style } of foot) {
        this.styled(style).text(this.clean(text), MARGIN.left, y, plain);
        y += 9.5;
      }
      if (mark !== null)
        this.styled({ font: 'bold', size: 10, colour: COLOUR.late }).text(
          mark,
          MARGIN.left,
          this.doc.page.height - 24,
          { width: WIDTH, align: 'center', lineBreak: false },
        );
      this.doc.endMarkedContent();
      this.doc.page.margins = margins;
    }
    return count;
  }

  async finish(): Promise<Uint8Array> {
    this.root.end();
    this.doc.end();
    return this.bytes;
  }
}
