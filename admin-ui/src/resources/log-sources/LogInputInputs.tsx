import { logSeverities } from "@mycloud/protocol/log-record";
import { LogInput } from "@mycloud/protocol/log-source";
import { NumberInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { OptionalPart } from "../../form/OptionalPart.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";

const inputs = [
  { id: "file", name: "files" },
  { id: "journal", name: "systemd's journal" },
  { id: "command", name: "the output of a command" },
  { id: "agent", name: "the agent's own log" },
];
const starts = [
  { id: "end", name: "at its end: only what comes" },
  { id: "beginning", name: "at its beginning: also what is there" },
];
export const severityChoices = logSeverities.map((severity) => ({ id: severity, name: severity }));

/** What is usually left out of a glob: old copies that rotation made. */
const usuallyExcluded = excludedByDefault();

/** What is read. */
export function LogInputInputs() {
  const type: unknown = useWatch({ name: "input.type" });
  return (
    <fieldset>
      <legend>What is read</legend>
      <SelectInput source="input.type" label="Read" choices={inputs} isRequired helperText={false} />
      {type === "file" ? <FileInputs /> : null}
      {type === "journal" ? <JournalInputs /> : null}
      {type === "command" ? (
        <>
          <TextInput
            source="input.command"
            label="Command"
            isRequired
            helperText="its name in the host's own policy.yaml, under logCommands; what it prints is read, and it is started again when it ends"
          />
          <MultilineInputs />
        </>
      ) : null}
    </fieldset>
  );
}

function FileInputs() {
  return (
    <>
      <WordsInput
        source="input.paths"
        label="Files"
        placeholder="/var/log/syslog, /var/log/nginx/*.log, /var/log/app/**/*.log"
        helperText="below /var/log, unless the host's own policy.yaml names other logRoots; files that come later are found"
      />
      <WordsInput
        source="input.excludePaths"
        label="But not"
        initial={usuallyExcluded}
        helperText="rotated files are followed to their end by themselves"
      />
      <div className="form-grid">
        <SelectInput
          source="input.startAt"
          label="Begin a file that is already there"
          choices={starts}
          defaultValue="end"
          helperText={false}
        />
        <TextInput source="input.encoding" label="Encoding" defaultValue="utf-8" helperText="utf-8, iso-8859-1, …" />
      </div>
      <MultilineInputs />
    </>
  );
}

function JournalInputs() {
  return (
    <>
      <WordsInput source="input.units" label="Units" placeholder="ssh.service, nginx.service" helperText="empty: all" />
      <div className="form-grid">
        <SelectInput
          source="input.priority"
          label="The least severe that is read"
          choices={severityChoices}
          defaultValue="debug"
          helperText={false}
        />
        <SelectInput
          source="input.startAt"
          label="Begin the journal"
          choices={starts}
          defaultValue="end"
          helperText={false}
        />
      </div>
    </>
  );
}

function MultilineInputs() {
  return (
    <OptionalPart
      source="input.multiline"
      label="Several lines make one record"
      fresh={() => ({ start: "^\\S", timeoutMs: 1000, maximumLines: 500 })}
    >
      <TextInput
        source="input.multiline.start"
        label="A record begins with a line that matches"
        isRequired
        className="mono"
        helperText="^\S: lines that begin with a space go on; ^\d{4}-: a record begins with a date"
      />
      <div className="form-grid">
        <NumberInput
          source="input.multiline.timeoutMs"
          label="Complete after, milliseconds without more"
          min={100}
          max={60_000}
          helperText={false}
        />
        <NumberInput
          source="input.multiline.maximumLines"
          label="At most so many lines"
          min={2}
          max={10_000}
          helperText={false}
        />
      </div>
    </OptionalPart>
  );
}

function excludedByDefault(): readonly string[] {
  const input = LogInput.parse({ type: "file", paths: ["/"] });
  return input.type === "file" ? input.excludePaths : [];
}
