import type { LogFieldValue } from "@mycloud/protocol/log-record";
import { NumberInput, SelectInput, TextInput, useInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { ListInput } from "../../form/ListInput.tsx";
import { OptionalPart } from "../../form/OptionalPart.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { fieldWords, readFieldWord, readFieldWords } from "./field-words.ts";
import { severityChoices } from "./LogInputInputs.tsx";
import { parserNames } from "./log-source-text.ts";

const parsers = Object.entries(parserNames).map(([id, name]) => ({ id, name }));

/** How a line becomes a record. */
export function ParserInputs() {
  const type: unknown = useWatch({ name: "parser.type" });
  const hasNames = type === "json" || type === "logfmt" || type === "regex";
  return (
    <fieldset>
      <legend>How a line is understood</legend>
      <SelectInput
        source="parser.type"
        label="As"
        choices={parsers}
        helperText="a line that is not so is kept as it is, with the field parse_error"
      />
      {type === "regex" ? (
        <TextInput
          source="parser.pattern"
          label="Pattern"
          isRequired
          className="mono"
          helperText={"its named groups become fields: ^(?<time>\\S+) (?<level>\\w+) (?<message>.*)$"}
        />
      ) : null}
      {hasNames ? <MappingInputs /> : null}
      <div className="form-grid">
        <TextInput source="service" label="Program" helperText="where nothing in the record says it: nginx" />
        <TextInput
          source="mapping.timeZone"
          label="Time zone of times without one"
          helperText="Europe/Berlin; empty: the host's own"
        />
      </div>
      <FieldsInput />
    </fieldset>
  );
}

function MappingInputs() {
  return (
    <div className="form-grid">
      <TextInput source="mapping.timeField" label="Field of the time" helperText="empty: time, ts, @timestamp, …" />
      <TextInput
        source="mapping.timeFormat"
        label="How it is written"
        helperText="empty: guessed; unix, unix-ms, %d/%b/%Y:%H:%M:%S %z"
      />
      <TextInput source="mapping.severityField" label="Field of the severity" helperText="empty: level, severity, …" />
      <TextInput source="mapping.messageField" label="Field of the message" helperText="empty: message, msg, log, …" />
      <TextInput source="mapping.serviceField" label="Field of the program" helperText="empty: service, program, …" />
    </div>
  );
}

/** Fields that every record gets. */
function FieldsInput() {
  const { field } = useInput<Record<string, LogFieldValue>>({ source: "fields", defaultValue: {} });
  return (
    <ListInput
      label="Fields that every record gets"
      placeholder="env=prod, rack=12"
      values={fieldWords(field.value ?? {})}
      disabled={field.disabled}
      isValid={(word) => readFieldWord(word) !== null}
      onChange={(words) => field.onChange(readFieldWords(words))}
    />
  );
}

/** What never leaves the host, and what is left out. */
export function SieveInputs() {
  return (
    <>
      <fieldset>
        <legend>What is taken out before anything leaves the host</legend>
        <ChoicesInput
          source="redaction.builtIn"
          label="Ready-made"
          choices={["secrets", "card-numbers", "email-addresses"]}
          helperText="secrets: passwords, tokens and keys, by their names and forms"
        />
        <RowsInput
          source="redaction.custom"
          noun="own pattern"
          fresh={() => ({ pattern: "", replacement: "********" })}
        >
          {(path) => (
            <div className="form-grid">
              <TextInput source={`${path}.pattern`} label="What matches" isRequired helperText={false} />
              <TextInput source={`${path}.replacement`} label="is replaced by" helperText={false} />
            </div>
          )}
        </RowsInput>
      </fieldset>
      <fieldset>
        <legend>Which lines</legend>
        <WordsInput
          source="sieve.include"
          label="Only lines that match one of"
          hasCommas
          helperText="regular expressions; Enter ends one; empty: all lines"
        />
        <WordsInput source="sieve.exclude" label="No lines that match" hasCommas placeholder="GET /healthz" />
        <NumberInput
          source="sieve.maximumLinesPerSecond"
          label="At most so many lines a second"
          min={1}
          helperText="empty: no limit; what is left out is counted, and a record says how many"
        />
        <OptionalPart
          source="sieve.sample"
          label="Of unimportant records only a sample"
          fresh={() => ({ severity: "info", oneIn: 10 })}
        >
          <div className="form-grid">
            <SelectInput
              source="sieve.sample.severity"
              label="Of this severity and less"
              choices={severityChoices}
              helperText={false}
            />
            <NumberInput source="sieve.sample.oneIn" label="One in" min={2} max={1_000_000} helperText={false} />
          </div>
        </OptionalPart>
      </fieldset>
    </>
  );
}
