import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";

/** One signed-in person over HTTP, as a browser would be. */
export class Client {
  readonly #url: string;
  readonly account: string;
  #cookie = "";
  #csrf = "";

  private constructor(url: string, account: string) {
    this.#url = url;
    this.account = account;
  }

  static async signIn(url: string, account: string, password: string): Promise<Client> {
    const client = new Client(url, account);
    const me = await client.call<{ csrfToken: string }>("POST", "/api/session", { account, password });
    client.#csrf = me.csrfToken;
    return client;
  }

  async call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        cookie: this.#cookie,
        "x-csrf-token": this.#csrf,
        ...(key ? { "idempotency-key": key } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const cookie = response.headers.getSetCookie().find((value) => value.startsWith("jieli="));
    if (cookie) this.#cookie = cookie.split(";")[0] ?? "";
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok)
      throw new Error(`${this.account}: ${method} ${path} → ${response.status} ${JSON.stringify(answer)}`);
    return answer as T;
  }

  /** The open task of a case at an element that this person can work on. */
  async task(instanceId: string, element: string): Promise<TaskDetail> {
    for (const view of ["mine", "unclaimed"]) {
      const page = await this.call<{ items: TaskSummary[] }>("GET", `/api/tasks?view=${view}&limit=100`);
      const found = page.items.find((task) => task.instanceId === instanceId && task.element === element);
      if (found) return this.call<TaskDetail>("GET", `/api/tasks/${found.id}`);
    }
    throw new Error(`${this.account} finds no open task ${element} of case ${instanceId}`);
  }

  async complete(
    instanceId: string,
    element: string,
    outcome: string,
    opinion: string,
    form: Record<string, unknown> = {},
  ): Promise<TaskDetail> {
    const task = await this.task(instanceId, element);
    await this.call(
      "POST",
      `/api/tasks/${task.id}/complete`,
      { outcome, opinion, form, rev: task.rev },
      `demo-${task.id}`,
    );
    return task;
  }
}
