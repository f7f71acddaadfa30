import { NotTranslatable } from "./not-translatable.ts";
import { tokensOf, type Token } from "./tokens.ts";

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%";

/** What an expression of another engine says, before it is said in FEEL. */
export type Juel =
  | { readonly type: "literal"; readonly value: string | number | boolean | null }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "member"; readonly of: Juel; readonly name: string }
  | { readonly type: "index"; readonly of: Juel; readonly index: Juel }
  | { readonly type: "method"; readonly of: Juel; readonly name: string; readonly arguments: readonly Juel[] }
  | { readonly type: "unary"; readonly operator: "!" | "-" | "empty"; readonly operand: Juel }
  | { readonly type: "binary"; readonly operator: BinaryOperator; readonly left: Juel; readonly right: Juel }
  | { readonly type: "choice"; readonly condition: Juel; readonly consequence: Juel; readonly otherwise: Juel };

/** Binary operators by precedence, weakest first (Jakarta Expression Language 2.2, §1.14). */
const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Deeper nesting is no expression that a person wrote. */
const deepest = 60;

/** Reads the inside of `${…}`. Throws `NotTranslatable` for what it does not read wholly. */
export function parseJuel(source: string): Juel {
  return new Reader(tokensOf(source)).whole();
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Juel {
    const found = this.#expression();
    if (this.#token.type !== "end") throw unread(this.#token);
    return found;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { type: "end", text: "" };
  }

  #takes(sign: string): boolean {
    const { type, text } = this.#token;
    if (type !== "sign" || text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw unread(this.#token);
  }

  #expression(): Juel {
    this.#depth += 1;
    if (this.#depth > deepest) throw new NotTranslatable("表达式嵌套太深", "the expression is nested too deep");
    const condition = this.#binary(0);
    const found = this.#takes("?") ? this.#choice(condition) : condition;
    this.#depth -= 1;
    return found;
  }

  #choice(condition: Juel): Juel {
    const consequence = this.#expression();
    this.#expect(":");
    return { type: "choice", condition, consequence, otherwise: this.#expression() };
  }

  #binary(level: number): Juel {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.#takes(candidate));
      if (operator === undefined) return left;
      left = { type: "binary", operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Juel {
    this.#depth += 1;
    if (this.#depth > deepest) throw new NotTranslatable("表达式嵌套太深", "the expression is nested too deep");
    const operator = this.#takes("!") ? "!" : this.#takes("-") ? "-" : this.#takesEmpty() ? "empty" : null;
    const found: Juel = operator ? { type: "unary", operator, operand: this.#unary() } : this.#path();
    this.#depth -= 1;
    return found;
  }

  #takesEmpty(): boolean {
    const { type, text } = this.#token;
    if (type !== "name" || text !== "empty") return false;
    this.#at += 1;
    return true;
  }

  #path(): Juel {
    let found = this.#primary();
    for (;;) {
      if (this.#takes(".")) found = this.#member(found);
      else if (this.#takes("[")) {
        found = { type: "index", of: found, index: this.#expression() };
        this.#expect("]");
      } else return found;
    }
  }

  #member(of: Juel): Juel {
    const { type, text: name } = this.#token;
    if (type !== "name") throw unread(this.#token);
    this.#at += 1;
    return this.#takes("(") ? { type: "method", of, name, arguments: this.#arguments() } : { type: "member", of, name };
  }

  #arguments(): readonly Juel[] {
    if (this.#takes(")")) return [];
    const found = [this.#expression()];
    while (this.#takes(",")) found.push(this.#expression());
    this.#expect(")");
    return found;
  }

  #primary(): Juel {
    if (this.#takes("(")) {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    const token = this.#token;
    this.#at += 1;
    switch (token.type) {
      case "number":
        return { type: "literal", value: Number(token.text) };
      case "text":
        return { type: "literal", value: token.text };
      case "name":
        return this.#named(token.text);
      case "sign":
      case "end":
        throw unread(token);
    }
  }

  #named(name: string): Juel {
    if (name === "true" || name === "false") return { type: "literal", value: name === "true" };
    if (name === "null") return { type: "literal", value: null };
    const { type, text } = this.#token;
    if (type === "sign" && (text === "(" || text === ":"))
      if (text === "(" || this.#isFunctionAhead())
        throw new NotTranslatable(`调用了函数 ${name}`, `it calls the function ${name}`);
    return { type: "name", name };
  }

  /** `variables:get(…)`: a function with a prefix, as opposed to the colon of a choice. */
  #isFunctionAhead(): boolean {
    const [name, open] = this.#tokens.slice(this.#at + 1);
    return name?.type === "name" && open?.type === "sign" && open.text === "(";
  }
}

function unread(token: Token): NotTranslatable {
  return token.type === "end"
    ? new NotTranslatable("表达式不完整", "the expression is not complete")
    : new NotTranslatable(`“${token.text}”处无法识别`, `it is not read at “${token.text}”`);
}
