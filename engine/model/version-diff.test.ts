import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, userTask } from "../../test/support/bpmn.ts";
import { versionDiff } from "./version-diff.ts";

const version = (ask: string, more = "", flows = "x -> b if amount > 3; x -> end default; b -> end") =>
  bpmn(
    [startEvent(), userTask("a", ask), gateway("exclusive", "x"), userTask("b"), endEvent(), more].join(""),
    `start -> a -> x; ${flows}`,
  );

describe("the differences of two versions", () => {
  it("are none where nothing is otherwise, whatever the order in the file", async () => {
    const one = version('jieli:role="clerk"');
    expect(await versionDiff(one, one)).toEqual([]);
    const turned = bpmn(
      [userTask("b"), endEvent(), gateway("exclusive", "x"), userTask("a", 'jieli:role="clerk"'), startEvent()].join(
        "",
      ),
      "x -> b if amount > 3; x -> end default; b -> end; start -> a -> x",
    );
    expect(await versionDiff(one, turned)).toEqual([]);
  });

  it("name the attribute, also ours, with what it was and is", async () => {
    const changes = await versionDiff(
      version('jieli:role="clerk" jieli:outcomes="approve refuse"'),
      version('jieli:role="head" jieli:outcomes="approve refuse" jieli:limit="L.REVIEW"'),
    );
    expect(changes).toEqual([
      {
        element: "a",
        type: "UserTask",
        name: "a",
        change: "changed",
        properties: [
          { property: "limit", before: null, after: "L.REVIEW" },
          { property: "role", before: "clerk", after: "head" },
        ],
      },
    ]);
  });

  it("tell the text of a condition, which stands inside of its flow", async () => {
    const changes = await versionDiff(version(""), version("", "", "x -> b if amount > 5; x -> end default; b -> end"));
    expect(changes).toMatchObject([
      {
        element: "x_b",
        change: "changed",
        properties: [{ property: "formalExpression.body", before: "amount > 3", after: "amount > 5" }],
      },
    ]);
  });

  it("tell elements that came and went, with their flows", async () => {
    const changes = await versionDiff(
      version(""),
      version("", userTask("c"), "x -> c if amount > 3; x -> end default; c -> end").replace(
        /<bpmn:userTask id="b"[^/]*\/?>(<\/bpmn:userTask>)?/,
        "",
      ),
    );
    expect(changes.map(({ element, change }) => `${change} ${element}`)).toEqual([
      "removed b",
      "removed b_end",
      "removed x_b",
      "added c",
      "added c_end",
      "added x_c",
    ]);
  });
});
