import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { newWebhookSecret } from "../../server/notices/channels/webhook.ts";
import { HookReceiver } from "../support/receivers.ts";
import { ServerProcess } from "../support/server-process.ts";

const hook = new HookReceiver();
const dataDir = mkdtempSync(join(tmpdir(), "jieli-notice-fault-"));
let hookUrl: string;
beforeAll(async () => {
  hookUrl = await hook.open();
});
afterAll(async () => {
  await hook.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (port?: number) =>
  ServerProcess.start({
    dataDir,
    databaseUrl: null,
    settings: { JIELI_WEBHOOK_ALLOW: "127.0.0.1" },
    ...(port === undefined ? {} : { port }),
  });

/** Signs in and gives what sends requests of that person. */
async function signedIn(url: string, account: string) {
  const session = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account, password: demoPassword }),
  });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  const headers = {
    cookie: session.headers.get("set-cookie")?.split(";")[0] ?? "",
    "x-csrf-token": csrfToken,
    "content-type": "application/json",
  };
  return async (method: "GET" | "POST", path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}

it("what a step has to tell is told after the server was killed right behind the commit: each once, to people and to a webhook", async () => {
  const first = await start();
  const admin = await signedIn(first.url, "admin");
  await admin("POST", "/api/notice-endpoints", {
    type: "webhook",
    name: "省平台",
    organisationId: null,
    url: `${hookUrl}/in`,
    secret: newWebhookSecret(),
    groups: ["tasks"],
    language: "zh",
    quiet: null,
    restDaysQuiet: false,
    isActive: true,
  });
  const clerk = await signedIn(first.url, "wang");
  const applied = 3;
  for (let count = 0; count < applied; count += 1)
    await clerk("POST", "/api/applications", {
      resourceId: "res-medical",
      organisationId: "nm-civil",
      request: applicationForm,
    });
  await first.end("SIGKILL");
  const second = await start(first.port);
  const head = await signedIn(second.url, "liu");
  await expect.poll(() => head("GET", "/api/notices/unread"), { timeout: 30_000 }).toEqual({ unread: applied });
  // What was in flight when the server died may come twice, always under the id of its announcement.
  const ids = () => new Set(hook.calls.map(({ headers }) => headers["webhook-id"]));
  await expect.poll(() => ids().size, { timeout: 90_000 }).toBe(applied);
  const { items } = (await head("GET", "/api/notices")) as { items: { kind: string }[] };
  expect(items.map(({ kind }) => kind)).toEqual(Array.from({ length: applied }, () => "task.arrived"));
  for (const { body } of hook.calls)
    expect(JSON.parse(body)).toMatchObject({ specversion: "1.0", type: "jieli.task.arrived" });
  await second.end("SIGKILL");
});
