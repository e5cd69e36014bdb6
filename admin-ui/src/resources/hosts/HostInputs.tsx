import { NumberInput, TextInput, useInput } from "react-admin";
import { DurationInput } from "../../form/DurationInput.tsx";
import { faultText } from "../../form/fault-text.ts";
import { ListInput } from "../../form/ListInput.tsx";
import { FlapDetectionInputs, MonitoredInputs } from "../../form/MonitoredInputs.tsx";
import { NamesInput } from "../../form/NamesInput.tsx";
import { formatLabel, parseLabel } from "../../selector/selector-text.ts";
import { TemplateChoice } from "../templates/TemplateUse.tsx";

export function HostInputs() {
  return (
    <>
      <fieldset>
        <legend>Host</legend>
        <TemplateChoice kind="Host" />
        <div className="form-grid">
          <TextInput source="name" isRequired helperText="Unique; as agents and senders name it" />
          <TextInput source="address" helperText="Name or IP address, for $HOSTADDRESS$" />
        </div>
        <TextInput source="displayName" label="Display name" helperText={false} />
        <GroupsInput />
        <LabelsInput />
        <TextInput source="customer" helperText="Whose host it is; empty for your own" />
        <TextInput source="notes" multiline minRows={2} helperText={false} />
      </fieldset>
      <fieldset>
        <legend>When it counts as down</legend>
        <div className="form-grid">
          <NumberInput
            source="maxCheckAttempts"
            label="Attempts until it is believed"
            min={1}
            max={100}
            helperText={false}
          />
          <DurationInput
            source="freshnessSeconds"
            label="Overdue after"
            min={10}
            max={31_536_000}
            helperText="empty: never"
          />
        </div>
        <NamesInput
          source="parents"
          label="Reached through"
          reference="hosts"
          helperText="Parents: while none of them is UP, it is UNREACHABLE and not DOWN, and nobody is told"
        />
        <NamesInput
          source="probers"
          label="Checked by the agents of"
          reference="hosts"
          helperText="When it has no agent itself: the first of these that is there runs its checks"
        />
        <FlapDetectionInputs />
      </fieldset>
      <MonitoredInputs of="HOST" />
    </>
  );
}

function GroupsInput() {
  const { field } = useInput<string[]>({ source: "groups", defaultValue: [] });
  return (
    <ListInput
      label="Groups"
      values={field.value ?? []}
      onChange={field.onChange}
      disabled={field.disabled}
      placeholder="web"
    />
  );
}

/** Labels as `name=value` words. */
export function LabelsInput({
  source = "labels",
  label = "Labels",
  placeholder = "role=web",
  helperText,
}: {
  source?: string;
  label?: string;
  placeholder?: string;
  helperText?: string;
}) {
  const { field, fieldState } = useInput<Record<string, string>>({ source, defaultValue: {} });
  const labels: Record<string, string> = field.value ?? {};
  const values = Object.entries(labels).map(([name, value]) => formatLabel(name, value));
  return (
    <ListInput
      label={label}
      values={values}
      disabled={field.disabled}
      isValid={(text) => parseLabel(text) !== null}
      onChange={(words) => field.onChange(labelsOf(words))}
      placeholder={placeholder}
      helperText={faultText(fieldState.error) ?? helperText}
    />
  );
}

function labelsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const parsed = parseLabel(word);
      return parsed ? [[parsed[0], String(parsed[1])]] : [];
    }),
  );
}
