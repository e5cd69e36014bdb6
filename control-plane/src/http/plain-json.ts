import { InputError } from "../error/index.ts";

const maximumDepth = 64;

/**
 * Throws InputError when a parsed JSON value is nested deeper than 64 (recursive code behind would run out of stack) or has a key
 * `__proto__` (assigning it would change a prototype). Walks without recursion.
 */
export function refuseHostileJson(value: unknown): void {
  const waiting: { readonly value: object; readonly depth: number }[] = [];
  const visit = (child: unknown, depth: number): void => {
    if (typeof child === "object" && child !== null) waiting.push({ value: child, depth });
  };
  visit(value, 1);
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (item.depth > maximumDepth) throw new InputError(`the JSON is nested deeper than ${maximumDepth}`);
    if (Object.hasOwn(item.value, "__proto__")) throw new InputError("the JSON has a key __proto__");
    for (const child of Object.values(item.value)) visit(child, item.depth + 1);
  }
}
