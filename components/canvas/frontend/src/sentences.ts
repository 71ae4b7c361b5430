/** What people read: the page hands the sentences in, by their keys; there are none in this code. */

type Entry = string | { readonly one: string; readonly other: string };

export type Sentences = Readonly<Record<string, Entry>>;

const PLACEHOLDER = /\{(\w+)\}/g;
let known: Sentences = {};

export function useSentences(sentences: Sentences): void {
  known = sentences;
}

/** A sentence with its {placeholders} filled in; `count` decides between one and several. */
export function sentence(key: string, params: Readonly<Record<string, string | number>> = {}): string {
  const entry = known[key] ?? key;
  const template = typeof entry === "string" ? entry : params["count"] === 1 ? entry.one : entry.other;
  return template.replace(PLACEHOLDER, (open, name: string) => String(params[name] ?? open));
}
