import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly raw: string;
}

/** A mail server in this process. `answer` decides about each mail: `null` takes it, a number is an SMTP refusal. */
export class MailReceiver {
  readonly mails: ReceivedMail[] = [];
  answer: () => number | null = () => null;
  readonly #server: SMTPServer;

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      logger: false,
      onData: (stream, session, done) => {
        let raw = "";
        stream.setEncoding("utf8");
        stream.on("data", (chunk: string) => {
          raw += chunk;
        });
        stream.on("end", () => {
          const refusal = this.answer();
          if (refusal !== null) return done(Object.assign(new Error("refused"), { responseCode: refusal }));
          this.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
          done();
        });
      },
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  /** The value of a header, unfolded and decoded from its encoded words. */
  static header({ raw }: ReceivedMail, name: string): string {
    const head = (raw.split("\r\n\r\n")[0] ?? "").replace(/\r\n[ \t]+/g, " ");
    const line = head.split("\r\n").find((found) => found.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? "";
    return line
      .slice(name.length + 1)
      .trim()
      .replace(/\?=\s+=\?/g, "?==?")
      .replace(/=\?utf-8\?(b|q)\?([^?]*)\?=/gi, (_, way: string, word: string) =>
        way.toLowerCase() === "b"
          ? Buffer.from(word, "base64").toString()
          : Buffer.from(
              word
                .replaceAll("_", " ")
                .replace(/=([\dA-F]{2})/gi, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))),
              "latin1",
            ).toString(),
      );
  }
}

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server in this process that takes webhooks and robots' messages, and answers as it is told. */
export class HookReceiver {
  readonly calls: ReceivedCall[] = [];
  answer: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '{"errcode":0}' };
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        this.calls.push({ path: request.url ?? "", headers: request.headers, body });
        response.writeHead(this.answer.status, this.answer.headers).end(this.answer.body);
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
