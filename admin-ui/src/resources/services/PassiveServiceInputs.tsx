import type { Service } from "@mycloud/protocol/service";
import { NumberInput, TextInput, useRecordContext } from "react-admin";
import { Link } from "react-router-dom";
import { DurationInput } from "../../form/DurationInput.tsx";
import { FlapDetectionInputs, MonitoredInputs } from "../../form/MonitoredInputs.tsx";
import { TemplateChoice } from "../templates/TemplateUse.tsx";
import { HostIdInput } from "./HostIdInput.tsx";

/** The fields of a passive service; its host is chosen once and stays. */
export function PassiveServiceInputs() {
  const service = useRecordContext<Service>();
  return (
    <>
      <fieldset>
        <legend>Passive service</legend>
        {service?.isPassive === false ? (
          <p role="alert" className="fault">
            This service comes from the check <Link to={`/checks/${service.checkId}`}>{service.checkName}</Link>; change
            the check instead.
          </p>
        ) : null}
        {service === undefined ? (
          <HostIdInput />
        ) : (
          <p className="hint">
            On <Link to={`/hosts/${service.hostId}/show`}>{service.hostName}</Link>; a service stays on its host.
          </p>
        )}
        <TextInput source="name" isRequired helperText="As senders of its results name it" />
        <TextInput
          source="notes"
          multiline
          minRows={2}
          helperText="Shown beside the service: what it means, what to do"
        />
        <TemplateChoice kind="Service" />
      </fieldset>
      <fieldset>
        <legend>When to believe a result, and when to miss one</legend>
        <div className="form-grid">
          <NumberInput
            source="maxCheckAttempts"
            label="Results until it is hard"
            min={1}
            max={100}
            helperText="1: the first bad result counts"
          />
          <DurationInput
            source="freshnessSeconds"
            label="Stale after"
            min={10}
            max={31_536_000}
            helperText="without a result; empty: never"
          />
        </div>
        <FlapDetectionInputs />
      </fieldset>
      <MonitoredInputs of="SERVICE" />
    </>
  );
}
