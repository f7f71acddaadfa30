import Router from "@koa/router";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bpmn, endEvent, startEvent, userTask } from "../support/bpmn.ts";
import { problemDetails } from "../../server/api/shared/common.schema.ts";
import { taskDetail, taskPage } from "../../server/api/tasks/tasks.schema.ts";
import { instanceDetail, instancePage } from "../../server/api/instances/instances.schema.ts";
import { slaBoard, slaCasePage } from "../../server/api/sla/sla.schema.ts";
import { definitionList, vocabulary } from "../../server/api/definitions/definitions.schema.ts";
import { applicationPage, routePreview } from "../../server/api/applications/applications.schema.ts";
import { resourcePage } from "../../server/api/resources/resources.schema.ts";
import { me } from "../../server/api/session/session.schema.ts";
import { routes } from "../../server/api/routes.ts";
import { applicationForm } from "../../bin/demo/forms.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

describe("signing in", () => {
  it("answers a wrong password and an unknown account alike", async () => {
    const wrong = await request(bench.server).post("/api/session").send({ account: "shi", password: "x" });
    const unknown = await request(bench.server).post("/api/session").send({ account: "nobody", password: "x" });
    expect([wrong.status, wrong.body.code]).toEqual([unknown.status, unknown.body.code]);
    expect(wrong.body.detail).toEqual(unknown.body.detail);
  });

  it("locks an account after five failures, also for the right password", async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await request(bench.server).post("/api/session").send({ account: "pan", password: "x" });
    }
    const locked = await request(bench.server).post("/api/session").send({ account: "pan", password: "jieli-demo" });
    expect(locked.body.code).toBe("ACCOUNT_LOCKED");
  });

  it("sets a cookie that scripts cannot read, and forgets it at sign-out", async () => {
    const answer = await request(bench.server).post("/api/session").send({ account: "luo", password: "jieli-demo" });
    const cookie = String(answer.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    const own = { cookie: cookie.split(";")[0] ?? "", "x-csrf-token": String(answer.body.csrfToken) };
    expect((await request(bench.server).get("/api/session").set(own)).status).toBe(200);
    await request(bench.server).delete("/api/session").set(own);
    expect((await request(bench.server).get("/api/session").set(own)).status).toBe(401);
  });

  it("refuses a change without the session's token or from another site", async () => {
    const clerk = await bench.as("wang");
    const body = { resourceId: "res-medical", organisationId: "nm-civil", request: applicationForm };
    const before = await bench.counts();
    expect((await clerk.post("/api/applications", body, { "x-csrf-token": "forged" })).status).toBe(403);
    expect((await clerk.post("/api/applications", body, { origin: "https://elsewhere.example" })).status).toBe(403);
    expect(await bench.counts()).toEqual(before);
  });
});

describe("who may see and do what", () => {
  it("answers a forbidden object and a missing one alike, for everybody who has no part in it", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    for (const account of ["luo", "zhou", "shi", "ma", "zhang"]) {
      const person = await bench.as(account);
      for (const [seen, missing] of [
        [`/api/tasks/${task.id}`, "/api/tasks/00000000-0000-7000-8000-000000000000"],
        [`/api/instances/${instanceId}`, "/api/instances/00000000-0000-7000-8000-000000000000"],
      ] as const) {
        const [forbidden, absent] = [await person.get(seen), await person.get(missing)];
        expect([account, forbidden.status]).toEqual([account, 404]);
        expect({ ...forbidden.body, requestId: "" }).toEqual({ ...absent.body, requestId: "" });
      }
      const list = await person.get("/api/instances");
      expect(list.body.items.map((item: { id: string }) => item.id)).not.toContain(instanceId);
    }
    expect((await request(bench.server).get(`/api/tasks/${task.id}`)).status).toBe(401);
    expect((await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).status).toBe(200);
  });

  it("does not let the applicant's clerk or a person of another role decide", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const before = await bench.counts();
    const decision = { outcome: "approve", opinion: "", form: {}, rev: task.rev };
    // Who may see the case is told whose the task is; to others there is no such task.
    for (const [account, status, code] of [
      ["wang", 403, "OPERATION_NOT_YOURS"],
      ["gao", 403, "OPERATION_NOT_YOURS"],
      ["chen", 404, "NOT_FOUND"],
      ["lin", 404, "NOT_FOUND"],
    ] as const) {
      const refused = await (await bench.as(account)).post(`/api/tasks/${task.id}/complete`, decision);
      expect([account, refused.status, refused.body.code]).toEqual([account, status, code]);
    }
    expect(await bench.counts()).toEqual(before);
  });

  it("gives the board to managers only, and only of their own regions", async () => {
    expect((await (await bench.as("wang")).get("/api/sla/board")).status).toBe(404);
    const county = slaBoard.parse((await (await bench.as("guan")).get("/api/sla/board")).body);
    expect(county.byOrganisation.every((row) => row.organisation.region === "520102")).toBe(true);
    const province = slaBoard.parse((await (await bench.as("gao")).get("/api/sla/board")).body);
    expect(province.total.open).toBeGreaterThanOrEqual(county.total.open);
  });
});

describe("deciding a task", () => {
  it("tells who was quicker, and repeats the first answer for the same key", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const head = await bench.as("liu");
    const decision = { outcome: "approve", opinion: "同意", form: {}, rev: task.rev };
    const first = await head.post(`/api/tasks/${task.id}/complete`, decision, { "idempotency-key": "k1" });
    expect([first.status, first.body.state]).toEqual([200, "completed"]);
    const again = await head.post(`/api/tasks/${task.id}/complete`, decision, { "idempotency-key": "k1" });
    expect(again.status).toBe(200);
    const before = await bench.counts();
    const second = await head.post(`/api/tasks/${task.id}/complete`, decision, { "idempotency-key": "k2" });
    expect([second.status, second.body.code]).toEqual([409, "TASK_CLOSED"]);
    expect(second.body.detail.zh).toContain("刘建国");
    expect(await bench.counts()).toEqual(before);
  });

  it("names every missing and unknown field at once, and changes nothing", async () => {
    const { instanceId } = await bench.apply();
    const head = await bench.as("liu");
    const signOff = await bench.task("liu", instanceId, "Task_SignOff");
    await head.post(`/api/tasks/${signOff.id}/complete`, { outcome: "approve", form: {}, rev: signOff.rev });
    const check = await bench.task("chen", instanceId, "Task_OwnCheck");
    const reviewer = await bench.as("chen");
    const send = (body: object) => reviewer.post(`/api/tasks/${check.id}/complete`, { rev: check.rev, ...body });
    const before = await bench.counts();
    const refusal = await send({ outcome: "refuse", form: {} });
    expect(refusal.body.problems.map((problem: { code: string }) => problem.code)).toEqual([
      "OPINION_MISSING",
      "REASON_CODE_MISSING",
    ]);
    const cited = await send({ outcome: "refuse", reasonCode: "R1", opinion: "法律禁止", form: {} });
    expect(cited.body.problems).toMatchObject([{ code: "CITATION_MISSING", place: "citation" }]);
    const unknown = await send({ outcome: "approve", form: { admin: true } });
    expect(unknown.body.problems).toMatchObject([{ code: "FIELD_UNKNOWN", place: "form.admin" }]);
    expect((await send({ outcome: "grantEverything", form: {} })).body.problems).toMatchObject([
      { code: "OUTCOME_NOT_ALLOWED" },
    ]);
    expect((await send({ outcome: "approve", form: {}, rev: 99 })).body.code).toBe("TASK_CHANGED");
    expect(await bench.counts()).toEqual(before);

    await send({ outcome: "supplement", opinion: "请补充", form: {} });
    const supplement = await bench.task("wang", instanceId, "Task_Supplement");
    const clerk = await bench.as("wang");
    const missing = await clerk.post(`/api/tasks/${supplement.id}/complete`, {
      outcome: "resubmit",
      form: {},
      rev: supplement.rev,
    });
    expect(missing.body.problems).toMatchObject([{ code: "FIELD_MISSING", place: "form.supplementText" }]);
    await clerk.post(`/api/tasks/${supplement.id}/complete`, {
      outcome: "resubmit",
      form: { supplementText: "已补" },
      rev: supplement.rev,
    });
    const returned = await bench.task("chen", instanceId, "Task_OwnCheck");
    expect(returned.outcomes.map((outcome) => outcome.code)).toEqual(["approve", "refuse"]);
    const twice = await reviewer.post(`/api/tasks/${returned.id}/complete`, {
      outcome: "supplement",
      opinion: "再补",
      form: {},
      rev: returned.rev,
    });
    expect(twice.body.problems).toMatchObject([{ code: "SUPPLEMENT_USED_UP" }]);
  });

  it("can be claimed by one only, and given back", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const head = await bench.as("liu");
    const claimed = await head.post(`/api/tasks/${task.id}/claim`, { rev: task.rev });
    expect(claimed.body.assignee).toMatchObject({ name: "刘建国" });
    expect((await head.post(`/api/tasks/${task.id}/claim`, { rev: task.rev })).body.code).toBe("TASK_CHANGED");
    const released = await head.post(`/api/tasks/${task.id}/release`, { rev: claimed.body.rev });
    expect(released.body.assignee).toBeNull();
  });
});

describe("publishing a process", () => {
  const good = bpmn(
    [startEvent(), userTask("a", 'jieli:at="applicant" jieli:role="applicant-head"'), endEvent()].join(""),
    "start -> a -> end",
    { id: "api-test" },
  );
  const refused = async (xml: string) => {
    const before = await bench.counts();
    const answer = await (await bench.as("lin")).post("/api/definitions", { xml });
    expect(await bench.counts()).toEqual(before);
    const problem = problemDetails.parse(answer.body);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    return { status: answer.status, code: problem.code, first: problem.problems[0] ?? null, detail: problem.detail };
  };

  it("takes a good file as version 1, the next as 2, and refuses one that was opened before", async () => {
    const designer = await bench.as("lin");
    const first = await designer.post("/api/definitions", { xml: good });
    expect([first.status, first.body.definition.version]).toEqual([201, 1]);
    const second = await designer.post("/api/definitions", {
      xml: good.replace('name="a"', 'name="b"'),
      basedOn: first.body.definition.id,
    });
    expect(second.body.definition.version).toBe(2);
    const late = await designer.post("/api/definitions", {
      xml: good.replace('name="a"', 'name="c"'),
      basedOn: first.body.definition.id,
    });
    expect([late.status, late.body.code]).toEqual([409, "DEFINITION_OUTDATED"]);
    expect((await (await bench.as("wang")).post("/api/definitions", { xml: good })).status).toBe(404);
  });

  it("refuses an unknown element, a dangling flow and a process that is not executable, by id", async () => {
    expect(await refused(good.replace("<bpmn:endEvent", '<bpmn:magic id="m1"/><bpmn:endEvent'))).toMatchObject({
      status: 422,
      first: { code: "ELEMENT_UNKNOWN", place: "m1" },
    });
    expect(await refused(good.replace('targetRef="end"', 'targetRef="nowhere"'))).toMatchObject({
      status: 422,
      first: { code: "REFERENCE_DANGLING", place: "a_end" },
    });
    expect(await refused(good.replace(' isExecutable="true"', ""))).toMatchObject({
      status: 422,
      first: { code: "PROCESS_NOT_EXECUTABLE", place: "api-test" },
    });
    expect(await refused(good.replace(' jieli:at="applicant"', ""))).toMatchObject({
      status: 422,
      first: { code: "TASK_WITHOUT_ACTOR", place: "a" },
    });
  });

  it("refuses an entity bomb, and 50 MB before reading them", async () => {
    expect(
      await refused('<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><b>&b;</b>'),
    ).toMatchObject({ status: 422, first: { code: "DOCTYPE_FORBIDDEN" } });
    const huge = await refused("x".repeat(50 * 1_048_576));
    expect(huge).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
    expect(huge.detail.zh).toContain("1 MB");
  });
});

describe("the contract", () => {
  it("is served as OpenAPI 3.1 and names every route that answers", async () => {
    const { body, headers } = await request(bench.server).get("/api/openapi.json");
    expect([body.openapi, headers["content-encoding"]]).toEqual(["3.1.0", "gzip"]);
    expect(Object.keys(body.paths).sort((a, b) => a.localeCompare(b))).toMatchSnapshot();
    const router = new Router();
    for (const route of routes) route.register(router, bench.runtime, true);
    const answered = router.stack.flatMap((layer) =>
      layer.methods.filter((method) => method !== "HEAD").map((method) => [method.toLowerCase(), String(layer.path)]),
    );
    for (const [method = "", path = ""] of answered)
      expect([path, method, Object.keys(body.paths[path.replace(/:(\w+)/g, "{$1}")] ?? {})]).toEqual([
        path,
        method,
        expect.arrayContaining([method]),
      ]);
  });

  it("holds for what the server answers", async () => {
    const { instanceId } = await bench.apply();
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    const head = await bench.as("liu");
    const clerk = await bench.as("wang");
    const manager = await bench.as("gao");
    me.parse((await head.get("/api/session")).body);
    taskPage.parse((await head.get("/api/tasks?view=unclaimed")).body);
    taskDetail.parse((await head.get(`/api/tasks/${task.id}`)).body);
    instancePage.parse((await head.get("/api/instances")).body);
    instanceDetail.parse((await head.get(`/api/instances/${instanceId}`)).body);
    slaCasePage.parse((await manager.get("/api/sla/cases?state=open")).body);
    definitionList.parse((await head.get("/api/definitions")).body);
    vocabulary.parse((await head.get("/api/definitions/vocabulary")).body);
    applicationPage.parse((await clerk.get("/api/applications")).body);
    resourcePage.parse((await clerk.get("/api/resources?search=%25")).body);
    const preview = await clerk.post("/api/applications/preview", {
      resourceId: "res-medical",
      organisationId: "nm-civil",
      request: { personalInfo: "none" },
    });
    expect(routePreview.parse(preview.body)).toMatchObject({ process: { key: "ds-03" }, hops: [{ id: "gy-data" }] });
  });

  it("names every field of a bad application at once", async () => {
    const before = await bench.counts();
    const answer = await (
      await bench.as("wang")
    ).post("/api/applications", {
      resourceId: "res-medical",
      organisationId: "nm-civil",
      request: { ...applicationForm, items: [], purpose: "x", commitment: false },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.problems.map((problem: { place: string }) => problem.place)).toEqual([
      "body.request.items",
      "body.request.purpose",
      "body.request.commitment",
    ]);
    expect(await bench.counts()).toEqual(before);
  });

  it("tells health, readiness and figures", async () => {
    expect((await request(bench.server).get("/healthz")).body).toEqual({ status: "ok" });
    expect((await request(bench.server).get("/readyz")).body).toMatchObject({ status: "ready" });
    expect((await request(bench.server).get("/metrics")).text).toContain("jieli_tasks_open");
  });
});

describe("live changes", () => {
  it("reach those who may see the case, and nobody else", async () => {
    const heard = async (account: string, during: () => Promise<unknown>) => {
      const person = await bench.as(account);
      const address = bench.server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const stopped = new AbortController();
      const stream = await fetch(`http://127.0.0.1:${port}/api/events`, {
        headers: { cookie: person.cookie },
        signal: stopped.signal,
      });
      const reader = stream.body?.getReader();
      await reader?.read();
      await during();
      // Something that everybody hears marks the end of what can be heard.
      bench.runtime.live.publish({
        at: bench.runtime.clock.now(),
        type: "clock",
        instanceId: null,
        taskId: null,
        organisations: [],
      });
      let text = "";
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
        text += new TextDecoder().decode(chunk.value);
        if (text.includes('"clock"')) break;
      }
      stopped.abort();
      return text;
    };
    let instanceId = "";
    const start = async () => {
      ({ instanceId } = await bench.apply());
    };
    expect(await heard("liu", start)).toContain('"instance"');
    expect(await heard("zhou", start)).not.toContain(instanceId);
  });
});
