import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type Ref, useEffect, useId, useRef, useState } from "react";
import { type LogRangeQuestion, useLogs } from "../providers/logs-provider.ts";
import { accept, offeredFields, offeredValues, partAt, type QueryPart } from "./complete-query.ts";
import { queryFault } from "./query-fault.ts";

interface QueryBoxProps {
  readonly query: string;
  /** What completion looks at: the time that is shown, and the host that all of it is about. */
  readonly within: LogRangeQuestion;
  readonly onQuery: (query: string) => void;
  readonly inputRef: Ref<HTMLInputElement>;
}

const mostValues = 50;

/** Where a query is written. Names and values of fields are offered as one types: arrows choose, Tab or Enter takes, Enter alone searches. */
export function QueryBox({ query, within, onQuery, inputRef }: QueryBoxProps) {
  const [text, setText] = useState(query);
  const [part, setPart] = useState<QueryPart | null>(null);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement | null>(null);
  const id = useId();
  useEffect(() => setText(query), [query]);
  const offered = useOffered(part, within);
  const fault = queryFault(text);

  function look(element: HTMLInputElement) {
    setPart(partAt(element.value, element.selectionStart ?? element.value.length));
    setChosen(-1);
  }

  function take(word: string) {
    if (part === null) return;
    const next = accept(text, part, word);
    setText(next.query);
    setPart(partAt(next.query, next.caret));
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const word = offered[chosen];
    if (event.key === "ArrowDown" && offered.length > 0) setChosen((chosen + 1) % offered.length);
    else if (event.key === "ArrowUp" && offered.length > 0) setChosen((chosen <= 0 ? offered.length : chosen) - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && word !== undefined) take(word);
    else if (event.key === "Escape" && part !== null) setPart(null);
    else if (event.key === "Enter") {
      setPart(null);
      if (fault === null) onQuery(text.trim());
    } else return;
    event.preventDefault();
  }

  const isOpen = offered.length > 0;
  return (
    <div className="query-box">
      <input
        ref={(element) => {
          input.current = element;
          if (typeof inputRef === "function") inputRef(element);
          else if (inputRef) inputRef.current = element;
        }}
        className={fault === null ? "field query" : "field query invalid"}
        type="search"
        role="combobox"
        aria-label="Query"
        aria-expanded={isOpen}
        aria-controls={`${id}-offered`}
        aria-activedescendant={offered[chosen] === undefined ? undefined : `${id}-${chosen}`}
        aria-autocomplete="list"
        aria-invalid={fault !== null}
        aria-describedby={`${id}-fault`}
        placeholder={'words, "a phrase", host:web1, severity>=warning, NOT, OR'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          look(event.target);
          if (event.target.value === "" && query !== "") onQuery("");
        }}
        onKeyDown={onKeyDown}
        onClick={(event) => look(event.currentTarget)}
        onBlur={() => setPart(null)}
      />
      {isOpen ? (
        <div className="offered" id={`${id}-offered`} role="listbox" aria-label="Offered" tabIndex={-1}>
          {offered.map((word, at) => (
            <div
              key={word}
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === chosen}
              className={at === chosen ? "chosen mono" : "mono"}
              // The box would lose the caret before the click.
              onPointerDown={(event) => {
                event.preventDefault();
                take(word);
              }}
            >
              {word}
            </div>
          ))}
        </div>
      ) : null}
      <p className="query-fault" id={`${id}-fault`} role="status">
        {fault ?? ""}
      </p>
    </div>
  );
}

function useOffered(part: QueryPart | null, question: LogRangeQuestion): readonly string[] {
  const logs = useLogs();
  const { data: names = [] } = useQuery({
    queryKey: ["logs", "fields", question],
    queryFn: ({ signal }) => logs.fieldNames(question, signal),
    enabled: part?.kind === "word",
    staleTime: 60_000,
    retry: false,
  });
  const field = part?.kind === "value" ? part.field : "";
  const { data: values = [] } = useQuery({
    queryKey: ["logs", "values", field, question],
    queryFn: async ({ signal }) => (await logs.top({ ...question, field, limit: mostValues }, signal)).values,
    enabled: field !== "" && field !== "severity" && field !== "message",
    staleTime: 60_000,
    retry: false,
  });
  if (part === null) return [];
  if (part.kind === "word") return part.text === "" ? [] : offeredFields(part, names);
  return offeredValues(
    part,
    values.map(({ value }) => String(value)),
  );
}
