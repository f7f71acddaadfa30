import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import type {
  ApplicationFormView,
  ApplicationSummary,
  RoutePreview,
} from "../../server/api/applications/applications.schema.ts";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import type { ResourceDetail, ResourceSummary } from "../../server/api/resources/resources.schema.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { accepted, askedItems, delivered, GrantBench } from "../api/grants-support.ts";
import { ApiBench } from "../api/support.ts";
import { applicationForm } from "../../bin/demo/forms.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

const dayMs = 24 * 3_600_000;
const applicationOf = async (instanceId: string): Promise<ApplicationSummary | undefined> => {
  const { items } = (await (await bench.as("wang")).get("/api/applications?limit=100")).body;
  return (items as ApplicationSummary[]).find((application) => application.instanceId === instanceId);
};
const later = (days: number) => bench.runtime.moveClock(addMs(bench.runtime.clock.now(), days * dayMs));
async function noticesOf(account: string): Promise<readonly string[]> {
  await bench.runtime.notices.sweep();
  const { items } = (await (await bench.as(account)).get("/api/notices?limit=100")).body;
  return (items as PersonalNotice[]).map(({ kind }) => kind);
}

describe("complaint 28: approved, but the access is never provisioned, and its status says active", () => {
  it("says approved and not delivered to everybody, counts it with its age, and presses whoever has to deliver", async () => {
    const id = await grants.granted();
    await later(40);
    for (const account of ["wang", "zhou", "guan"]) {
      const { state, reality, acceptedAt } = await grants.grant(id, account);
      expect([account, state, reality, acceptedAt]).toEqual([account, "granted", "notDelivered", null]);
    }
    const application = await applicationOf(id);
    expect(application?.state).toBe("running");
    expect(application?.currentSteps.map(({ element }) => element)).toContain("Task_Deliver");
    const figures = await grants.figures("guan");
    expect(figures.realities.notDelivered).toBe((await grants.list("guan", "notDelivered")).length);
    const provider = figures.byProvider.find((row: { provider: { id: string } }) => row.provider.id === "nm-housing");
    expect(provider.oldestDays).toBe(40);
    const { clocks, history } = (await (await bench.as("guan")).get(`/api/instances/${id}`)).body as InstanceDetail;
    expect(clocks.find(({ limitCode }) => limitCode === "L.DELIVER")?.state).toBe("breached");
    expect(history.map(({ type }) => type)).toEqual(expect.arrayContaining(["ladder.order", "breach.recorded"]));
  });

  it("is active when the receiver has accepted the data, not when somebody says that they were delivered", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered);
    expect(await grants.grant(id)).toMatchObject({ state: "delivered", reality: "notAccepted" });
    expect((await applicationOf(id))?.state).toBe("running");
    await grants.take(id, accepted);
    expect(await grants.grant(id)).toMatchObject({ state: "active", reality: "fresh" });
    expect((await applicationOf(id))?.state).toBe("granted");
  });

  it("is not switched off by a word either: who is late to confirm it is reminded, once, and stays in the list", async () => {
    const id = await grants.inForce();
    const released = await grants.act("wang", id, "release", { reason: "业务调整，不再需要" });
    expect(released.status, released.text).toBe(200);
    const { switchOffDueAt } = await grants.grant(id);
    expect(switchOffDueAt).not.toBeNull();
    const lines = async () => (await grants.history(id)).filter(({ type }) => type === "grant.switchOffLate");
    await bench.runtime.moveClock(addMs(switchOffDueAt ?? "", -3_600_000));
    expect(await lines()).toEqual([]);
    await later(30);
    expect(await lines()).toMatchObject([{ actor: "system", zh: expect.stringContaining("逾期未确认关闭") }]);
    for (const account of ["zhou", "hu"]) expect(await noticesOf(account)).toContain("grant.switchOffLate");
    expect(await grants.list("guan", "switchOffMissing")).toContain(id);
    expect((await grants.act("zhou", id, "switched-off", { note: "接口凭证已注销" })).status).toBe(200);
    expect(await grants.grant(id)).toMatchObject({ switchOffDueAt: null });
    expect(await grants.list("guan", "switchOffMissing")).not.toContain(id);
  });

  it("reminds of no switch-off that was confirmed in time", async () => {
    const id = await grants.inForce("2027-07-31");
    await grants.act("wang", id, "release", { reason: "业务调整，不再需要" });
    expect((await grants.act("zhou", id, "switched-off", { note: "" })).status).toBe(200);
    await later(30);
    expect((await grants.history(id)).map(({ type }) => type)).not.toContain("grant.switchOffLate");
  });
});

describe("complaint 29: nobody can ask for access from the catalogue, with purpose, columns, duration, limit, status and trail", () => {
  const organisationId = "nm-civil";
  const wang = () => bench.as("wang");
  const find = async (search: string) =>
    (
      (await (await wang()).get(`/api/resources?search=${encodeURIComponent(search)}`)).body.items as ResourceSummary[]
    ).map(({ id }) => id);
  const send = async (resourceId: string, request: object) =>
    (await wang()).post("/api/applications", { resourceId, organisationId, request });
  const today = () => bench.runtime.clock.now().slice(0, 10);

  it("is found by its name, its provider and by a column that somebody needs", async () => {
    const register = (await (await wang()).get("/api/resources/res-publichousing")).body as ResourceDetail;
    const column = register.items.find(({ name }) => !`${register.name.zh} ${register.abstract}`.includes(name));
    for (const words of [register.name.zh, register.name.en, register.provider.name.zh, column?.name ?? "?"])
      expect([words, await find(words)]).toEqual([words, expect.arrayContaining(["res-publichousing"])]);
    expect(await find("没有这样的数据")).toEqual([]);
  });

  it("names what is missing or too much: the purpose, a column that is not there, a use longer than a year", async () => {
    const from = today();
    const to = `${Number(from.slice(0, 4)) + 3}${from.slice(4)}`;
    const asked = { ...applicationForm, items: ["secret"], purpose: "", mode: "query", from, to };
    const before = await bench.counts();
    const answer = await send("res-publichousing", asked);
    expect(answer.status).toBe(422);
    const places = answer.body.problems.map(({ place }: { place: string }) => place);
    expect(places.join(" ")).toMatch(/purpose/);
    expect(places.join(" ")).toMatch(/items/);
    expect(places.join(" ")).toMatch(/\bto\b/);
    expect(await bench.counts()).toEqual(before);
  });

  it("goes from the entry in the catalogue to data in use, and the applicant can follow every step", async () => {
    const person = await wang();
    const [resource = ""] = await find("公租房");
    const about = `resource=${resource}&organisation=${organisationId}`;
    const form = (await person.get(`/api/applications/form?${about}`)).body as ApplicationFormView;
    const fields = JSON.stringify(form.form);
    for (const field of ["purpose", "items", "from", "to", "basis"]) expect(fields).toContain(`"${field}`);
    expect(form.applicant.id).toBe(organisationId);
    const from = today();
    const to = new Date(Date.parse(from) + 120 * dayMs).toISOString().slice(0, 10);
    const asked = {
      ...applicationForm,
      items: askedItems,
      necessaryItems: askedItems,
      mode: "query",
      personalInfo: "pi",
      from,
      to,
    };
    const { mode, personalInfo } = asked;
    const foretold = (
      await person.post("/api/applications/preview", {
        resourceId: resource,
        organisationId,
        request: { mode, personalInfo },
      })
    ).body as RoutePreview;
    expect(foretold.endToEnd?.dueAt).not.toBeNull();
    expect(foretold.steps.filter(({ perform, limit }) => perform && limit !== null).length).toBeGreaterThan(3);

    const sent = await send(resource, asked);
    expect(sent.status, sent.text).toBe(201);
    const id = sent.body.instanceId as string;
    const list = await applicationOf(id);
    expect([list?.state, list?.number, list?.dueAt?.slice(0, 10)]).toEqual([
      "running",
      sent.body.number,
      foretold.endToEnd?.dueAt?.slice(0, 10),
    ]);
    expect(list?.currentSteps.map(({ element }) => element)).toEqual(["Task_SignOff"]);

    await grants.take(
      id,
      ["liu", "Task_SignOff", "approve"],
      ["chen", "Task_Review", "approve"],
      ["zhou", "Task_PiAssessment", "pass", { assessmentNumber: "PIA-2026-042" }],
      ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }],
      ["hu", "Task_Decide", "approve"],
      delivered,
      accepted,
    );
    expect((await applicationOf(id))?.state).toBe("granted");
    expect(await grants.grant(id)).toMatchObject({ state: "active", endsOn: to, items: expect.anything() });
    const told = await noticesOf("wang");
    expect(told).toEqual(expect.arrayContaining(["case.decided", "case.delivered"]));

    const { history, variables } = (await person.get(`/api/instances/${id}`)).body as InstanceDetail;
    const trail = history.filter(({ type }) => type === "decision.taken").map(({ actor }) => actor.name);
    expect(trail).toEqual(["刘建国", "陈静", "周航", "周航", "胡军", "马超", "王敏"]);
    expect(history.every(({ sentence }) => sentence.zh !== "" && sentence.en !== "")).toBe(true);
    expect(variables["request"]).toMatchObject({ items: askedItems, from, to, purpose: applicationForm.purpose });
    expect(await verifyJournal(bench.runtime.store)).toEqual([]);
  });
});
