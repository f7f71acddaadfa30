import { NotTranslatable } from "./not-translatable.ts";
import { parseJuel, type BinaryOperator, type Juel } from "./parse.ts";

/**
 * The inside of `${…}` said in FEEL. Throws `NotTranslatable` where FEEL would not mean the same. What differs only on data
 * that is missing or of the wrong type is translated: there our evaluator stops with an incident and never takes a wrong way.
 */
export function juelToFeel(source: string): string {
  return write(parseJuel(source)).text;
}

/** FEEL with how strongly it binds, so that parentheses stand only where they must. */
interface Feel {
  readonly text: string;
  readonly binds: number;
}

const binding = { choice: 0, or: 1, and: 2, comparison: 3, sum: 4, product: 5, sign: 6, value: 7 } as const;

const operators: Readonly<Record<Exclude<BinaryOperator, "%">, { readonly feel: string; readonly binds: number }>> = {
  "||": { feel: "or", binds: binding.or },
  "&&": { feel: "and", binds: binding.and },
  "==": { feel: "=", binds: binding.comparison },
  "!=": { feel: "!=", binds: binding.comparison },
  "<": { feel: "<", binds: binding.comparison },
  ">": { feel: ">", binds: binding.comparison },
  "<=": { feel: "<=", binds: binding.comparison },
  ">=": { feel: ">=", binds: binding.comparison },
  "+": { feel: "+", binds: binding.sum },
  "-": { feel: "-", binds: binding.sum },
  "*": { feel: "*", binds: binding.product },
  "/": { feel: "/", binds: binding.product },
};

/** Counters of a multi-instance step. Camunda 7 and Flowable count from 0, BPMN's `loopCounter` from 1 (BPMN 2.0 §10.3.8). */
const counters: Readonly<Record<string, Feel>> = {
  loopCounter: { text: "loopCounter - 1", binds: binding.sum },
  nrOfInstances: value("numberOfInstances"),
  nrOfActiveInstances: value("numberOfActiveInstances"),
  nrOfCompletedInstances: value("numberOfCompletedInstances"),
};

/** Words that FEEL reads as part of its own grammar and therefore not as a variable. */
const feelWords: ReadonlySet<string> = new Set(
  "and or not if then else for in return some every satisfies between instance of function null true false".split(" "),
);

/** Names that stand for the engine itself, not for data. */
const engineObjects: ReadonlySet<string> = new Set([
  ..."authenticatedUserId task caseExecution delegateTask now dateTime currentUser".split(" "),
  ..."externalTask connector processEngine".split(" "),
]);

function write(node: Juel): Feel {
  switch (node.type) {
    case "literal":
      return value(literal(node.value));
    case "name":
      return variable(node.name);
    case "member":
      return member(node.of, node.name);
    case "index":
      return index(node.of, node.index);
    case "method":
      return method(node.of, node.name, node.arguments);
    case "unary":
      return unary(node.operator, node.operand);
    case "binary":
      return binary(node.operator, node.left, node.right);
    case "choice":
      return {
        text: `if ${write(node.condition).text} then ${write(node.consequence).text} else ${write(node.otherwise).text}`,
        binds: binding.choice,
      };
  }
}

function value(text: string): Feel {
  return { text, binds: binding.value };
}

function inside(feel: Feel, binds: number): string {
  return feel.binds >= binds ? feel.text : `(${feel.text})`;
}

function literal(of: string | number | boolean | null): string {
  if (typeof of !== "number") return JSON.stringify(of);
  const text = String(of);
  if (/e/i.test(text) || (Number.isInteger(of) && !Number.isSafeInteger(of)))
    throw new NotTranslatable(`数字 ${text} 太大或太小`, `the number ${text} is too large or too small`);
  return text;
}

function variable(name: string): Feel {
  const counter = Object.hasOwn(counters, name) ? counters[name] : undefined;
  if (counter) return counter;
  if (engineObjects.has(name) || name === "execution")
    throw new NotTranslatable(`${name} 是原引擎的对象`, `${name} is an object of the other engine`);
  return value(plainName(name));
}

function plainName(name: string): string {
  if (feelWords.has(name) || name.includes("$"))
    throw new NotTranslatable(`变量名 ${name} 在 FEEL 中不可用`, `${name} cannot be the name of a variable in FEEL`);
  return name;
}

function isExecution(node: Juel): boolean {
  return node.type === "name" && node.name === "execution";
}

/** Properties of the running execution that are no variables of the case. */
const executionProperties: ReadonlySet<string> = new Set(
  (
    "id processInstanceId processInstance processDefinitionId processBusinessKey businessKey currentActivityId " +
    "currentActivityName currentActivityInstanceId activityInstanceId eventName parentId parent superExecution tenantId " +
    "bpmnModelInstance bpmnModelElementInstance currentFlowElement processEngineServices rootProcessInstanceId variableNames"
  ).split(" "),
);

function member(of: Juel, name: string): Feel {
  if (isExecution(of)) {
    if (executionProperties.has(name) || name === "variables")
      throw new NotTranslatable(
        `execution.${name} 是原引擎的内部数据`,
        `execution.${name} is internal to the other engine`,
      );
    return value(plainName(name));
  }
  if (of.type === "member" && isExecution(of.of) && of.name === "variables") return value(plainName(name));
  return value(`${inside(write(of), binding.value)}.${plainName(name)}`);
}

/** `order['amount']` is a path, `signers[0]` the first of a list (FEEL counts from 1); anything else may be either. */
function index(of: Juel, at: Juel): Feel {
  if (at.type === "literal" && typeof at.value === "string" && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(at.value))
    return member(of, at.value);
  if (at.type === "literal" && typeof at.value === "number" && Number.isInteger(at.value))
    return value(`${inside(write(of), binding.value)}[${at.value + 1}]`);
  throw new NotTranslatable("方括号内不是固定的名称或序号", "what stands in the brackets is no fixed name or number");
}

type Written = (of: Feel, given: readonly Feel[]) => Feel;
const compared = (text: string): Feel => ({ text, binds: binding.comparison });
const operand = (feel: Feel) => inside(feel, binding.sum);

/** Methods of Java's texts and collections that FEEL has too, by name and number of arguments. */
const methods: Readonly<Record<string, Written>> = {
  "equals/1": (of, [other = of]) => compared(`${operand(of)} = ${operand(other)}`),
  "equalsIgnoreCase/1": (of, [other = of]) => compared(`lower case(${of.text}) = lower case(${other.text})`),
  "startsWith/1": (of, [start = of]) => value(`starts with(${of.text}, ${start.text})`),
  "endsWith/1": (of, [end = of]) => value(`ends with(${of.text}, ${end.text})`),
  "toUpperCase/0": (of) => value(`upper case(${of.text})`),
  "toLowerCase/0": (of) => value(`lower case(${of.text})`),
  "length/0": (of) => value(`string length(${of.text})`),
  "size/0": (of) => value(`count(${of.text})`),
  "isEmpty/0": (of) => compared(empty(of)),
};

function method(of: Juel, name: string, given: readonly Juel[]): Feel {
  if (isExecution(of)) return executionMethod(name, given);
  const signature = `${name}/${given.length}`;
  const known = Object.hasOwn(methods, signature) ? methods[signature] : undefined;
  if (!known)
    throw new NotTranslatable(
      `调用了方法 ${name}()，它在原引擎中运行代码`,
      `it calls the method ${name}(), which runs code in the other engine`,
    );
  return known(write(of), given.map(write));
}

function executionMethod(name: string, [first, ...more]: readonly Juel[]): Feel {
  const reads = name === "getVariable" || name === "getVariableLocal";
  if (reads && more.length === 0 && first?.type === "literal" && typeof first.value === "string")
    return variable(nameIn(first.value));
  throw new NotTranslatable(
    `execution.${name}() 是原引擎的内部调用`,
    `execution.${name}() is a call into the other engine`,
  );
}

function nameIn(text: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)) return text;
  throw new NotTranslatable(`变量名“${text}”在 FEEL 中不可用`, `“${text}” cannot be the name of a variable in FEEL`);
}

function unary(operator: "!" | "-" | "empty", of: Juel): Feel {
  const inner = write(of);
  switch (operator) {
    case "!":
      return value(`not(${inner.text})`);
    case "-":
      return { text: `-${inside(inner, binding.value)}`, binds: binding.sign };
    case "empty":
      return compared(empty(inner));
  }
}

/** Nothing, no text, or a list without entries. */
function empty(of: Feel): string {
  return `${operand(of)} in (null, "", [])`;
}

function binary(operator: BinaryOperator, left: Juel, right: Juel): Feel {
  if (operator === "%")
    throw new NotTranslatable(
      "取余对负数的结果与 FEEL 的 modulo() 不同",
      "the remainder of negative numbers differs from FEEL's modulo()",
    );
  if (operator === "+" && [left, right].some(isText))
    throw new NotTranslatable("“+”在这里不是拼接文字", "“+” does not join texts in the other language");
  const { feel, binds } = operators[operator];
  // Comparisons do not chain in FEEL, and what is taken away or divided by keeps its parentheses.
  const leftmost = binds === binding.comparison ? binds + 1 : binds;
  const associative = operator === "&&" || operator === "||" || operator === "+" || operator === "*";
  const rightmost = associative ? binds : binds + 1;
  return { text: `${inside(write(left), leftmost)} ${feel} ${inside(write(right), rightmost)}`, binds };
}

function isText(node: Juel): boolean {
  return node.type === "literal" && typeof node.value === "string";
}
