import { createServer, type Server } from "node:http";
import request, { type Response } from "supertest";
import { createApp } from "../../server/app.ts";
import type { NoticeSettings } from "../../server/notices/settings.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { applicationForm } from "../../bin/demo/forms.ts";
import { openRuntime } from "../runtime/support.ts";
import { shippedContent } from "../support/shipped-content.ts";
import { testTime } from "../support/test-time.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";

/** A server on an empty database, with people signed in through its own API. */
export class ApiBench {
  readonly runtime: Runtime;
  readonly server: Server;
  readonly #database: TestDatabase;
  readonly #people = new Map<string, Person>();

  private constructor(runtime: Runtime, server: Server, database: TestDatabase) {
    this.runtime = runtime;
    this.server = server;
    this.#database = database;
  }

  static async open(notices?: NoticeSettings): Promise<ApiBench> {
    return ApiBench.#on(await createTestDatabase(), notices);
  }

  static async #on(database: TestDatabase, notices?: NoticeSettings): Promise<ApiBench> {
    const runtime = await Runtime.open({
      databaseUrl: database.databaseUrl,
      file: database.file,
      content: await shippedContent(),
      demo: true,
      demoTime: testTime,
      ticking: false,
      ...(notices ? { notices } : {}),
    });
    const server = createServer(createApp(runtime, { checkAnswers: true }).callback());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ApiBench(runtime, server, database);
  }

  /** Where its files lie. */
  get folder(): string {
    return this.#database.folder;
  }

  /** Where its database is; `null` for the embedded one. */
  get databaseUrl(): string | null {
    return this.#database.databaseUrl;
  }

  /** Another node on the same database, which sweeps when it is told to. The caller closes it. */
  async anotherNode(): Promise<Runtime> {
    return openRuntime(this.#database);
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.#database.remove();
  }

  /** The server ends, and another one starts on what it left: nothing is known that is not in the database. Sessions are. */
  async restarted(): Promise<ApiBench> {
    await this.#stop();
    const bench = await ApiBench.#on(this.#database);
    for (const [account, { cookie, csrf }] of this.#people)
      bench.#people.set(account, new Person(bench.server, cookie, csrf));
    return bench;
  }

  async #stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await this.runtime.close();
  }

  async as(account: string): Promise<Person> {
    const known = this.#people.get(account);
    if (known) return known;
    const answer = await request(this.server).post("/api/session").send({ account, password: demoPassword });
    if (answer.status !== 201) throw new Error(`${account} cannot sign in: ${answer.text}`);
    const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    const person = new Person(this.server, cookie, answer.body.csrfToken);
    this.#people.set(account, person);
    return person;
  }

  /** Rows of every table, to show that a refused request changed nothing. */
  async counts(): Promise<Record<string, number>> {
    const tables = ["instance", "task", "journal", "clock", "timer", "definition", "application", "command"];
    const counted = await Promise.all(
      tables.map(async (table) => {
        const [row] = await this.runtime.store.read(`SELECT COUNT(*) AS n FROM ${table}`);
        return [table, Number(row?.["n"])] as const;
      }),
    );
    return Object.fromEntries(counted);
  }

  async apply(): Promise<{ id: string; instanceId: string; number: string }> {
    const clerk = await this.as("wang");
    const answer = await clerk.post("/api/applications", {
      resourceId: "res-medical",
      organisationId: "nm-civil",
      request: applicationForm,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  /** The open task of a case at an element, as this account sees it. */
  async task(account: string, instanceId: string, element: string): Promise<TaskDetail> {
    const person = await this.as(account);
    const page = await person.get("/api/tasks?view=unclaimed&limit=100");
    const found = (page.body.items as TaskSummary[]).find(
      (task) => task.instanceId === instanceId && task.element === element,
    );
    if (!found) throw new Error(`${account} finds no open task ${element}`);
    return (await person.get(`/api/tasks/${found.id}`)).body;
  }
}

export class Person {
  readonly #server: Server;
  readonly cookie: string;
  readonly csrf: string;

  constructor(server: Server, cookie: string, csrf: string) {
    this.#server = server;
    this.cookie = cookie;
    this.csrf = csrf;
  }

  /** Answers are asked for uncompressed: a tenth of the time of these tests would be spent on packing them. */
  get #headers(): Record<string, string> {
    return { cookie: this.cookie, "x-csrf-token": this.csrf, "accept-encoding": "identity" };
  }

  async get(path: string): Promise<Response> {
    return request(this.#server).get(path).set(this.#headers);
  }

  async post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return request(this.#server)
      .post(path)
      .set({ ...this.#headers, ...headers })
      .send(body);
  }

  /** Uploads a file that is bound to nothing yet; gives what a form names it by. */
  async upload(name: string, content: Buffer): Promise<{ id: string }> {
    const answer = await request(this.#server)
      .post(`/api/attachments?name=${encodeURIComponent(name)}`)
      .set({ ...this.#headers, "content-type": "application/octet-stream" })
      .send(content);
    if (answer.status !== 201) throw new Error(answer.text);
    return { id: answer.body.id };
  }

  async put(path: string, body: object): Promise<Response> {
    return request(this.#server).put(path).set(this.#headers).send(body);
  }

  async remove(path: string): Promise<Response> {
    return request(this.#server).delete(path).set(this.#headers);
  }
}
