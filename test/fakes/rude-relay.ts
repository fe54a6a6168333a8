import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** What to do at one step: a reply; or `hang-up`; or `silence`. */
export type Answer = string;

export interface Manners {
  readonly greeting?: Answer;
  readonly ehlo?: string[];
  readonly auth?: Answer;
  readonly mail?: Answer;
  readonly rcpt?: Answer | ((address: string) => Answer);
  readonly data?: Answer;
  /** Hang up as soon as this many bytes of the message have come. */
  readonly hangUpAfterBytes?: number;
  /** The whole message is there. `keep` says whether this relay keeps it whatever it answers. */
  readonly dot?: (nth: number) => { readonly answer: Answer; readonly keep: boolean };
}

export interface RudeRelay {
  readonly url: string;
  /** Messages it has kept: the envelope's recipient and the bytes without the dot. */
  readonly kept: { readonly to: string; readonly raw: string }[];
  readonly connections: () => number;
  close(): Promise<void>;
}

/** A relay of plain sockets that misbehaves on purpose, where a well-made SMTP server would not let us. */
export async function startRudeRelay(manners: Manners = {}, tls?: { key: string; cert: string }): Promise<RudeRelay> {
  const kept: { to: string; raw: string }[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let dots = 0;

  const talk = (socket: Socket): void => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let buffer = '';
    let inData = false;
    let to = '';
    const say = (answer: Answer): void => {
      if (answer === 'hang-up') socket.destroy();
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    };
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO')
        for (const [i, ext] of [...(manners.ehlo ?? []), 'OK'].entries())
          say(`250${i === (manners.ehlo ?? []).length ? ' ' : '-'}${ext}`);
      else if (verb === 'AUTH') say(manners.auth ?? '235 ok');
      else if (verb === 'MAIL') say(manners.mail ?? '250 ok');
      else if (verb === 'RCPT') {
        to = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
        say(typeof manners.rcpt === 'function' ? manners.rcpt(to) : (manners.rcpt ?? '250 ok'));
      } else if (verb === 'DATA') {
        inData = (manners.data ?? '354').startsWith('354');
        say(manners.data ?? '354 go on');
      } else if (verb === 'RSET') say('250 ok');
      else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('502 unknown');
    };
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      buffer += text;
      for (;;) {
        if (inData) {
          if (manners.hangUpAfterBytes !== undefined && buffer.length >= manners.hangUpAfterBytes)
            return void socket.destroy();
          if (buffer.startsWith('.\r\n')) {
            buffer = buffer.slice(3); // an empty message for nobody
            inData = false;
            say('554 no valid recipients');
            continue;
          }
          const end = buffer.indexOf('\r\n.\r\n');
          if (end < 0) return;
          const { answer, keep } = manners.dot?.(++dots) ?? { answer: '250 2.0.0 queued as Q1', keep: true };
          if (keep) kept.push({ to, raw: buffer.slice(0, end + 2).replace(/^\.\./gm, '.') });
          buffer = buffer.slice(end + 5);
          inData = false;
          say(answer);
        } else {
          const end = buffer.indexOf('\r\n');
          if (end < 0) return;
          const line = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          command(line);
        }
      }
    });
    say(manners.greeting ?? '220 rude.test');
  };

  const server: Server = tls ? createTlsServer(tls, talk) : createServer(talk);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `${tls ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    kept,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
