import { channelTypes } from "@mycloud/protocol/contact";
import { SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { ArgumentsInput } from "../../form/ArgumentsInput.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { NscaInputs, WsArbiterInputs } from "../../form/ReceiverInputs.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";

const names: Readonly<Record<(typeof channelTypes)[number], string>> = {
  email: "E-mail",
  webhook: "Webhook (signed JSON)",
  alertmanager: "Alertmanager",
  "ws-arbiter": "ws-arbiter (Shinken)",
  nsca: "NSCA",
  command: "Command on the control plane",
};

/** The ways to reach a contact; each message goes out by all of them. */
export function ChannelsInput() {
  return (
    <RowsInput
      source="channels"
      noun="channel"
      fresh={() => ({ type: "webhook", url: "", secret: null })}
      empty="No channel: the contact is never told of anything."
    >
      {(path) => <ChannelInputs path={path} />}
    </RowsInput>
  );
}

function ChannelInputs({ path }: { path: string }) {
  const type: unknown = useWatch({ name: `${path}.type` });
  return (
    <>
      <SelectInput
        source={`${path}.type`}
        label="By"
        choices={channelTypes.map((id) => ({ id, name: names[id] }))}
        helperText={type === "email" ? "To the contact's own address" : false}
      />
      {type === "webhook" ? (
        <>
          <TextInput
            source={`${path}.url`}
            label="Address"
            isRequired
            helperText="https://chat.example.org/hooks/..."
          />
          <SecretInput
            source={`${path}.secret`}
            label="Secret"
            helperText="Signs each request, so that the receiver knows the sender; empty: unsigned"
          />
        </>
      ) : null}
      {type === "alertmanager" ? (
        <>
          <TextInput
            source={`${path}.url`}
            label="Address"
            isRequired
            helperText="http://alertmanager.example.org:9093; alerts go to /api/v2/alerts there"
          />
          <SecretInput source={`${path}.token`} label="Bearer token" />
        </>
      ) : null}
      {type === "ws-arbiter" ? <WsArbiterInputs path={path} /> : null}
      {type === "nsca" ? <NscaInputs path={path} /> : null}
      {type === "command" ? (
        <>
          <TextInput
            source={`${path}.program`}
            label="Program"
            isRequired
            helperText="A file's name in the control plane's directory of notification commands"
          />
          <ArgumentsInput
            source={`${path}.arguments`}
            helperText="Nagios' macros are replaced and in the environment as NAGIOS_*; no shell takes part"
          />
          <DurationInput
            source={`${path}.timeoutSeconds`}
            label="Timeout"
            min={1}
            max={300}
            helperText="30 when empty"
          />
        </>
      ) : null}
    </>
  );
}
