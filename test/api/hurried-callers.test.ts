import { get as httpGet } from "node:http";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const application = { resourceId: "res-medical", organisationId: "nm-civil", request: applicationForm };

describe("callers that hurry", () => {
  it("get a number each when the first applications of a day arrive together", async () => {
    const clerk = await bench.as("wang");
    const answers = await Promise.all(Array.from({ length: 8 }, () => clerk.post("/api/applications", application)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map((answer) => answer.body.number)).size).toBe(8);
  });

  it("get one case for one key, however often and fast they send it", async () => {
    const clerk = await bench.as("wang");
    const before = await bench.counts();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => clerk.post("/api/applications", application, { "idempotency-key": "same" })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const after = await bench.counts();
    expect([(after["instance"] ?? 0) - (before["instance"] ?? 0)]).toEqual([1]);
  });

  it("decide a task once when several decide it at the same moment", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const head = await bench.as("liu");
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        head.post(`/api/tasks/${task.id}/complete`, { outcome: "approve", form: {}, rev: task.rev }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
  });

  it("are locked out by five wrong passwords sent at once", async () => {
    await Promise.all(
      Array.from({ length: 5 }, () =>
        request(bench.server).post("/api/session").send({ account: "pan", password: "x" }),
      ),
    );
    const locked = await request(bench.server).post("/api/session").send({ account: "pan", password: "jieli-demo" });
    expect(locked.body.code).toBe("ACCOUNT_LOCKED");
  });
});

describe("callers that mean harm", () => {
  it("get problems or the page, never an internal error, for odd paths", async () => {
    const address = bench.server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const statusOf = (path: string) =>
      new Promise<number>((resolve, reject) => {
        httpGet({ port, path, host: "127.0.0.1" }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on("error", reject);
      });
    for (const path of [
      "/%",
      "/%00",
      "/..%2f..%2fpackage.json",
      "/assets/none.js",
      "/api/%",
      "/api/tasks/%",
      "/api/../package.json",
      "/api;/tasks",
    ]) {
      expect([path, (await statusOf(path)) < 500]).toEqual([path, true]);
    }
  });

  it("cannot pollute prototypes through a form", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const head = await bench.as("liu");
    const before = await bench.counts();
    const answer = await request(bench.server)
      .post(`/api/tasks/${task.id}/complete`)
      .set({ cookie: head.cookie, "x-csrf-token": head.csrf, "content-type": "application/json" })
      .send(
        `{"outcome":"approve","rev":${task.rev},"form":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`,
      );
    expect([answer.status, answer.body.code]).toEqual([400, "BODY_UNREADABLE"]);
    expect("polluted" in {}).toBe(false);
    expect(await bench.counts()).toEqual(before);
  });

  it("are refused when a browser says that the call comes from another site", async () => {
    const clerk = await bench.as("wang");
    const before = await bench.counts();
    const answer = await clerk.post("/api/applications", application, { "sec-fetch-site": "cross-site" });
    expect([answer.status, answer.body.code]).toEqual([403, "CSRF"]);
    const signIn = await request(bench.server)
      .post("/api/session")
      .set("sec-fetch-site", "cross-site")
      .send({ account: "wang", password: "jieli-demo" });
    expect(signIn.status).toBe(403);
    expect(await bench.counts()).toEqual(before);
  });

  it("find nothing of the API in a shared cache", async () => {
    const answer = await (await bench.as("wang")).get("/api/applications");
    expect(answer.headers["cache-control"]).toBe("no-store");
  });
});
