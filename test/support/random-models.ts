import fc from "fast-check";
import { bpmn, endEvent, flowXml, startEvent, timerBoundary, userTask } from "./bpmn.ts";
import { calledProcess, constructs, definitions, writeConstruct, type Construct } from "./random-constructs.ts";

/** A piece of a block-structured process: one way in, one way out. */
type Block =
  | { readonly kind: "task" | "auto" | "timer" | "message" | "loop" | "multi" }
  | { readonly kind: "construct"; readonly construct: Construct }
  | { readonly kind: "sequence" | "exclusive" | "parallel" | "inclusive" | "race"; readonly parts: readonly Block[] }
  | { readonly kind: "sub" | "boundary" | "reminder" | "handler"; readonly parts: readonly [Block] };

const leaf: fc.Arbitrary<Block> = fc
  .constantFrom("task", "task", "auto", "timer", "message", "loop", "multi")
  .map((kind): Block => ({ kind }));

/** Blocks nested at most three deep. */
export const blocks: fc.Arbitrary<Block> = nested(leaf);

/** Blocks that hold every construct: calls, compensation, transactions, ad-hoc work, events of all kinds, own data. */
export const richBlocks: fc.Arbitrary<Block> = nested(
  fc.oneof(leaf, {
    weight: 3,
    arbitrary: fc.constantFrom(...constructs).map((construct): Block => ({ kind: "construct", construct })),
  }),
);

function nested(leaves: fc.Arbitrary<Block>): fc.Arbitrary<Block> {
  return fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { depthSize: "small", withCrossShrink: true, maxDepth: 3 },
      leaves,
      fc
        .tuple(
          fc.constantFrom("sequence", "exclusive", "parallel", "inclusive", "race"),
          fc.array(tie("block"), { minLength: 2, maxLength: 3 }),
        )
        .map(([kind, parts]): Block => ({ kind, parts })),
      fc
        .tuple(fc.constantFrom("sub", "boundary", "reminder", "handler"), tie("block"))
        .map(([kind, part]): Block => ({ kind, parts: [part] })),
    ),
  })).block;
}

/** Names that conditions ask for; a case gives each a truth value. */
export const facts = ["f0", "f1", "f2", "f3"] as const;

/** BPMN of a block-structured process; sound by construction. */
export function blockModel(block: Block): string {
  return written(block, { root: '<bpmn:message id="m" name="go"/>' });
}

/** BPMN of a process of `richBlocks`, with what its constructs name. */
export function richModel(block: Block): string {
  return written(block, { root: definitions, more: calledProcess });
}

function written(block: Block, beside: { root: string; more?: string }): string {
  const writer = new Writer();
  const [first, last] = writer.write(block);
  return bpmn(
    `${startEvent()}${writer.nodes.join("")}${endEvent()}`,
    [`start -> ${first}`, `${last} -> end`, ...writer.flows].join("\n"),
    beside,
  );
}

class Writer {
  readonly nodes: string[];
  readonly flows: string[] = [];
  readonly #count: { value: number };

  constructor(count = { value: 0 }) {
    this.nodes = [];
    this.#count = count;
  }

  /** Writes the block and gives its first and last node. */
  write(block: Block): readonly [string, string] {
    switch (block.kind) {
      case "sequence":
        return this.#sequence(block.parts);
      case "exclusive":
      case "parallel":
      case "inclusive":
        return this.#gateways(block.kind, block.parts);
      case "race":
        return this.#race(block.parts);
      case "sub":
      case "boundary":
      case "reminder":
      case "handler":
        return this.#around(block.kind, block.parts[0]);
      case "construct":
        return this.#construct(block.construct);
      default:
        return this.#leaf(block.kind);
    }
  }

  #id(prefix: string): string {
    this.#count.value += 1;
    return `${prefix}${this.#count.value}`;
  }

  #leaf(kind: "task" | "auto" | "timer" | "message" | "loop" | "multi"): readonly [string, string] {
    const id = this.#id(kind);
    const xml = {
      task: userTask(id),
      auto: `<bpmn:task id="${id}"/>`,
      timer: `<bpmn:intermediateCatchEvent id="${id}"><bpmn:timerEventDefinition id="${id}_d"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`,
      message: `<bpmn:receiveTask id="${id}" messageRef="m"/>`,
      loop: userTask(id, "", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'),
      multi: userTask(
        id,
        "",
        `<bpmn:multiInstanceLoopCharacteristics isSequential="${id.length % 2 === 0}"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`,
      ),
    }[kind];
    this.nodes.push(xml);
    return [id, id];
  }

  #construct(construct: Construct): readonly [string, string] {
    const id = this.#id(construct);
    const { nodes, flows, first, last } = writeConstruct(
      construct,
      id,
      facts[this.#count.value % facts.length] ?? "f0",
    );
    this.nodes.push(nodes);
    this.flows.push(...flows);
    return [first, last];
  }

  #sequence(parts: readonly Block[]): readonly [string, string] {
    const ends = parts.map((part) => this.write(part));
    ends.slice(1).forEach(([first], index) => this.flows.push(`${ends[index]?.[1]} -> ${first}`));
    return [ends[0]?.[0] ?? "", ends.at(-1)?.[1] ?? ""];
  }

  #gateways(kind: "exclusive" | "parallel" | "inclusive", parts: readonly Block[]): readonly [string, string] {
    const [split, join] = [this.#id("split"), this.#id("join")];
    this.nodes.push(`<bpmn:${kind}Gateway id="${split}"/>`, `<bpmn:${kind}Gateway id="${join}"/>`);
    parts.forEach((part, index) => {
      const [first, last] = this.write(part);
      const fact = facts[(this.#count.value + index) % facts.length];
      const condition = kind === "parallel" ? "" : index === 0 ? " default" : ` if ${fact}`;
      this.flows.push(`${split} -> ${first}${condition}`, `${last} -> ${join}`);
    });
    return [split, join];
  }

  /** An event-based gateway: whichever event comes first leads on. */
  #race(parts: readonly Block[]): readonly [string, string] {
    const [split, join] = [this.#id("race"), this.#id("merge")];
    this.nodes.push(`<bpmn:eventBasedGateway id="${split}"/>`, `<bpmn:exclusiveGateway id="${join}"/>`);
    for (const part of parts) {
      const [event] = this.#leaf("timer");
      const [first, last] = this.write(part);
      this.flows.push(`${split} -> ${event}`, `${event} -> ${first}`, `${last} -> ${join}`);
    }
    return [split, join];
  }

  /** A sub-process; with a timer that ends it, one that only reminds, or an event sub-process beside its contents. */
  #around(kind: "sub" | "boundary" | "reminder" | "handler", part: Block): readonly [string, string] {
    const id = this.#id("sub");
    const inner = new Writer(this.#count);
    const [first, last] = inner.write(part);
    const [start, end] = [this.#id("start"), this.#id("end")];
    const { xml, defaults } = flowXml([`${start} -> ${first}`, `${last} -> ${end}`, ...inner.flows].join("\n"));
    const nodes = [...defaults].reduce(
      (text, [node, flow]) => text.replace(new RegExp(`(<bpmn:\\w+ id="${node}")`), `$1 default="${flow}"`),
      `${startEvent(start)}${inner.nodes.join("")}${endEvent(end)}`,
    );
    const handler = kind === "handler" ? this.#handler() : "";
    this.nodes.push(`<bpmn:subProcess id="${id}">${nodes}${xml}${handler}</bpmn:subProcess>`);
    if (kind === "sub" || kind === "handler") return [id, id];
    const timer = this.#id("late");
    this.nodes.push(timerBoundary(timer, id, "P1D", kind === "boundary"));
    if (kind === "reminder") {
      const [told, over] = [this.#id("told"), this.#id("over")];
      this.nodes.push(userTask(told), endEvent(over));
      this.flows.push(`${timer} -> ${told} -> ${over}`);
      return [id, id];
    }
    const merge = this.#id("merge");
    this.nodes.push(`<bpmn:exclusiveGateway id="${merge}"/>`);
    this.flows.push(`${id} -> ${merge}`, `${timer} -> ${merge}`);
    return [id, merge];
  }

  #handler(): string {
    const [id, start, task, end] = [this.#id("handler"), this.#id("hs"), this.#id("ht"), this.#id("he")];
    return `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${start}" isInterrupting="false"><bpmn:messageEventDefinition id="${start}_d" messageRef="m"/></bpmn:startEvent>${userTask(task)}${endEvent(end)}${flowXml(`${start} -> ${task} -> ${end}`).xml}</bpmn:subProcess>`;
  }
}

/** A process of tasks and gateways joined at random: sound or not, as it comes. */
export const graphs: fc.Arbitrary<string> = fc
  .record({
    kinds: fc.array(fc.constantFrom("task", "exclusive", "parallel", "inclusive"), { minLength: 3, maxLength: 8 }),
    links: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 4, maxLength: 14 }),
  })
  .map(({ kinds, links }) => graphModel(kinds, links));

function graphModel(kinds: readonly string[], links: readonly (readonly [number, number])[]): string {
  const ids = kinds.map((kind, index) => `${kind}${index}`);
  const nodes = kinds.map((kind, index) =>
    kind === "task" ? userTask(ids[index] ?? "") : `<bpmn:${kind}Gateway id="${ids[index]}"/>`,
  );
  // A spine makes everything reachable and leads to an end; the links beside it make it interesting.
  const spine = ["start", ...ids, "end"]
    .slice(1)
    .map((target, index) => [["start", ...ids][index] ?? "", target] as const);
  const extra = links.map(
    ([from, to]) => [ids[from % ids.length] ?? "", [...ids, "end"][to % (ids.length + 1)] ?? ""] as const,
  );
  const seen = new Set<string>();
  const flows = [...spine, ...extra].flatMap(([from, to], index) => {
    if (seen.has(`${from} ${to}`) || from === to) return [];
    seen.add(`${from} ${to}`);
    const chooses = from.startsWith("exclusive") || from.startsWith("inclusive");
    if (!chooses) return [`${from} -> ${to}`];
    const isFirst = spine.some(([a, b]) => a === from && b === to);
    return [isFirst ? `${from} -> ${to} default` : `${from} -> ${to} if ${facts[index % facts.length]}`];
  });
  return bpmn(`${startEvent()}${nodes.join("")}${endEvent()}`, flows.join("\n"));
}
