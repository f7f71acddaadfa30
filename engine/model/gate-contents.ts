import { gate } from "./gate.ts";
import { asElement, elementsOf, type ModdleElement } from "./moddle-element.ts";
import { problem, type Problem } from "./problems.ts";

/** Counts what the checks after parsing would walk through, and refuses a file that would cost them too much. */
export function refuseContents(definitions: ModdleElement): Problem | null {
  const { nodes, flows, expressionCost } = contentsOf(definitions);
  if (nodes > gate.flowElements || flows > gate.flowElements * gate.flowsPerNode) {
    return problem(
      "TOO_MANY_ELEMENTS",
      null,
      `文件有 ${nodes} 个节点、${flows} 条连线，最多 ${gate.flowElements} 个节点；请拆成几个流程`,
      `The file has ${nodes} nodes and ${flows} flows; ${gate.flowElements} nodes are the most. Split the process`,
    );
  }
  if (expressionCost <= gate.expressionCost) return null;
  return problem(
    "EXPRESSIONS_TOO_LONG",
    null,
    "文件中的表达式总量过大；请缩短，或改用决策表",
    "The expressions of the file are too long altogether; shorten them, or use a decision table",
  );
}

/** Properties that hold an expression as text. */
const expressions = ["body", "script", "source", "expression", "collection", "outputElement", "correlationKey"];

function contentsOf(definitions: ModdleElement) {
  let [nodes, flows, expressionCost] = [0, 0, 0];
  const open = [definitions];
  for (let element = open.pop(); element; element = open.pop()) {
    const inside = elementsOf(element["flowElements"]);
    const flowsInside = inside.filter(({ $type }) => $type === "bpmn:SequenceFlow").length;
    flows += flowsInside;
    nodes += inside.length - flowsInside;
    for (const property of expressions) {
      const text = element[property];
      if (typeof text === "string") expressionCost += text.length ** 2;
    }
    open.push(...childrenOf(element));
  }
  return { nodes, flows, expressionCost };
}

/** Elements that stand inside this one in the file; others are references. */
function childrenOf(element: ModdleElement): readonly ModdleElement[] {
  return Object.values(element)
    .flatMap((value) => (Array.isArray(value) ? elementsOf(value) : (asElement(value) ?? [])))
    .filter((child) => child["$parent"] === element);
}
