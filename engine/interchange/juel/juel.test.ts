import { describe, expect, it } from "vitest";
import { compileExpression, evaluateExpression } from "../../expressions/feel.ts";
import type { Json } from "../../expressions/json.ts";
import { sayInFeel } from "../expressions.ts";

describe("an expression of Camunda 7 or Flowable", () => {
  it.each([
    ["${approved}", "approved"],
    ["#{approved}", "approved"],
    ["${amount == 1000}", "amount = 1000"],
    ["${amount eq 1000 and level ne 'city'}", 'amount = 1000 and level != "city"'],
    ["${amount lt 5 || amount gt 9}", "amount < 5 or amount > 9"],
    ["${amount le 5 && amount ge 1.5}", "amount <= 5 and amount >= 1.5"],
    ["${!approved}", "not(approved)"],
    ["${not (a || b)}", "not(a or b)"],
    ["${a && (b || c)}", "a and (b or c)"],
    ["${(a && b) || c}", "a and b or c"],
    ["${order.customer['name'] == \"O'Neil\"}", 'order.customer.name = "O\'Neil"'],
    ["${signers[0].name}", "signers[1].name"],
    ["${price * (1 + rate) - fee / 2}", "price * (1 + rate) - fee / 2"],
    ["${a - (b - c)}", "a - (b - c)"],
    ["${-a + b}", "-a + b"],
    ["${-(a + b)}", "-(a + b)"],
    ["${amount > 100 ? 'high' : 'low'}", 'if amount > 100 then "high" else "low"'],
    ["${a ? b : c ? d : e}", "if a then b else if c then d else e"],
    ["${(a ? b : c) == 1}", "(if a then b else c) = 1"],
    ["${(a == b) == c}", "(a = b) = c"],
    ["${empty remark}", 'remark in (null, "", [])'],
    ["${not empty remark}", 'not(remark in (null, "", []))'],
    ["${execution.getVariable('level') == 3}", "level = 3"],
    ["${execution.level}", "level"],
    ["${execution.variables.level}", "level"],
    ["${execution.variables['level']}", "level"],
    ["${'city'.equals(level)}", '"city" = level'],
    ["${level.equals('city') && ok}", 'level = "city" and ok'],
    ["${level.equalsIgnoreCase('City')}", 'lower case(level) = lower case("City")'],
    ["${code.startsWith('52')}", 'starts with(code, "52")'],
    ["${list.size() > 0}", "count(list) > 0"],
    ["${list.isEmpty()}", 'list in (null, "", [])'],
    ["${nrOfCompletedInstances / nrOfInstances >= 0.6}", "numberOfCompletedInstances / numberOfInstances >= 0.6"],
    ["${nrOfActiveInstances == 0}", "numberOfActiveInstances = 0"],
    ["${loopCounter == 0}", "loopCounter - 1 = 0"],
    ["${loopCounter * 2}", "(loopCounter - 1) * 2"],
    ["${x == null}", "x = null"],
    ["${金额 >= 100}", "金额 >= 100"],
    ["${text == 'a\\'b\\\\'}", 'text = "a\'b\\\\"'],
  ])("%s is said as %s", (juel, feel) => {
    expect(sayInFeel(juel, "juel")).toEqual({ type: "feel", source: feel });
  });

  it.each<[string, Record<string, Json>, Json]>([
    ["${empty x}", { x: [] }, true],
    ["${empty x}", { x: "" }, true],
    ["${empty x}", { x: null }, true],
    ["${empty x}", { x: [1] }, false],
    ["${empty x}", { x: "a" }, false],
    ["${a - (b - c)}", { a: 9, b: 5, c: 2 }, 6],
    ["${a / (b * c)}", { a: 12, b: 2, c: 3 }, 2],
    ["${a || b && c}", { a: true, b: false, c: false }, true],
    ["${!(a == 1) || b}", { a: 1, b: true }, true],
    ["${(a ? 1 : 2) * 3}", { a: false }, 6],
    ["${signers[1]}", { signers: ["a", "b"] }, "b"],
    ["${loopCounter}", { loopCounter: 1 }, 0],
    ["${name == 'it\\'s \"so\"'}", { name: 'it\'s "so"' }, true],
  ])("%s over %j gives %j, as it did there", (juel, variables, expected) => {
    const said = sayInFeel(juel, "juel");
    expect(said.type).toBe("feel");
    if (said.type === "feel") expect(evaluateExpression(compileExpression(said.source), variables)).toEqual(expected);
  });

  it.each([
    ["${orderService.check(order)}", "check()"],
    ["${now()}", "now"],
    ["${variables:get('x')}", "variables"],
    ["${execution.businessKey}", "businessKey"],
    ["${execution.processInstanceId == 'a'}", "processInstanceId"],
    ["${execution.hasVariable('x')}", "hasVariable"],
    ["${execution.setVariable('x', 1)}", "setVariable"],
    ["${list.contains('a')}", "contains"],
    ["${map[key]}", "brackets"],
    ["${count % 2 == 0}", "remainder"],
    ["${'a' + b}", "join"],
    ["Dear ${name}", "mixes"],
    ["${a}-${b}", "mixes"],
    ["${a = 1}", "not read"],
    ["${a ==}", "not complete"],
    ["${a b}", "not read"],
    ["${'open}", "closing quote"],
    ["${}", "not complete"],
    ["${for}", "FEEL"],
    ["${S(json).prop('x')}", "function S"],
    ["${a -> b}", "not read"],
    [`\${${"(".repeat(5_000)}1}`, "too deep"],
    [`\${${"!".repeat(5_000)}a}`, "too deep"],
    ["${12345678901234567890 == a}", "too large"],
    ["${task.assignee}", "task"],
  ])("%s is left out, with the reason", (juel, reason) => {
    const said = sayInFeel(juel, "juel");
    expect(said.type).toBe("refused");
    if (said.type === "refused") expect(said.reason.en).toContain(reason);
  });
});

describe("an expression of Camunda 8", () => {
  it.each([
    ["= amount > 3 ", { type: "feel", source: "amount > 3" }],
    ["=count(list)", { type: "feel", source: "count(list)" }],
    ["plain text", { type: "text", text: "plain text" }],
  ])("%s stays what it is", (text, expected) => {
    expect(sayInFeel(text, "feel")).toEqual(expected);
  });

  it.each([
    ["=now() > due", "now"],
    ['=matches(code, "a+")', "matches"],
    ["=is defined(x)", "is defined"],
    ["=a >", "parse"],
    ["=", "empty"],
  ])("%s is left out, with the reason", (text, reason) => {
    const said = sayInFeel(text, "feel");
    expect(said.type).toBe("refused");
    if (said.type === "refused") expect(said.reason.en).toContain(reason);
  });
});
