import { defaultsOf } from "@mycloud/protocol/form-schema";
import { NotifiableState, type NotificationRule, NotificationRuleInput } from "@mycloud/protocol/notification";
import { BooleanInput, ReferenceArrayInput, SelectArrayInput, TextInput, useRecordContext } from "react-admin";
import { useWatch } from "react-hook-form";
import { Link } from "react-router-dom";
import { ScheduleOccurrences } from "../../calendar/ScheduleOccurrences.tsx";
import { AuditLink } from "../../definition/AuditLink.tsx";
import { RecipientChangesBox } from "../../definition/RecipientChangesBox.tsx";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { CreatePage, EditPage } from "../../form/FormPage.tsx";
import { ImpactInput } from "../../form/ImpactInput.tsx";
import { NameInput, NamesInput } from "../../form/NamesInput.tsx";
import { TimeZoneInput } from "../../form/TimeZoneInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { EscalationsInput } from "./EscalationsInput.tsx";
import { ruleInput } from "./rule-input.ts";

function NotificationRuleInputs() {
  return (
    <>
      <fieldset>
        <legend>Who is told</legend>
        <TextInput source="name" isRequired helperText={false} />
        <ReferenceArrayInput
          source="contactIds"
          reference="contacts"
          perPage={200}
          sort={{ field: "name", order: "ASC" }}
        >
          <SelectArrayInput label="Contacts" optionText="name" helperText={false} />
        </ReferenceArrayInput>
        <div className="form-grid">
          <NamesInput source="contactGroups" label="Contact groups" reference="contact-groups" />
          <NamesInput
            source="onCall"
            label="On call"
            reference="on-call-schedules"
            helperText="Whoever's turn it is at the moment of the message"
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Of what</legend>
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" />
        <ImpactInput source="minimumBusinessImpact" label="With a business impact of at least" />
      </fieldset>
      <fieldset>
        <legend>In which states</legend>
        <ChoicesInput
          source="states"
          label="States"
          choices={NotifiableState.options}
          helperText="RECOVERY reaches whoever was told of the problem"
        />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>When, and how often</legend>
        <NameInput
          source="period"
          label="In the time period"
          reference="time-periods"
          helperText="Empty: always. What is still bad when it begins is told then"
        />
        <div className="form-grid">
          <DurationInput
            source="firstDelaySeconds"
            label="First message after"
            min={0}
            max={2_592_000}
            helperText="0: at once; what recovers before tells nobody"
          />
          <DurationInput
            source="repeatIntervalSeconds"
            label="Again every"
            min={10}
            max={31_622_400}
            helperText="while nobody has acknowledged; empty: never again"
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>When it lasts: escalations</legend>
        <EscalationsInput />
      </fieldset>
      <fieldset>
        <legend>Many at once: groups and digests</legend>
        <div className="form-grid">
          <WordsInput
            source="groupBy"
            label="One message for each"
            placeholder="host, check, problem-root, label:site"
            helperText="host, check, problem-root or label:NAME; empty with a wait: one message for all"
          />
          <DurationInput
            source="groupWaitSeconds"
            label="Wait for others"
            min={0}
            max={86_400}
            helperText="0: each message by itself"
          />
        </div>
        <DigestInputs />
      </fieldset>
      <RecipientChangesBox kind="NotificationRule" />
    </>
  );
}

function DigestInputs() {
  const [cron, timeZone]: unknown[] = useWatch({ name: ["digest.cron", "digest.timeZone"] });
  const hasDigest = typeof cron === "string" && cron.trim() !== "";
  return (
    <>
      <div className="form-grid">
        <TextInput
          source="digest.cron"
          label="As a digest (cron)"
          helperText="0 8 * * * collects everything into one message at 8:00; empty: tells at once"
        />
        {hasDigest ? <TimeZoneInput source="digest.timeZone" label="Digest's time zone" /> : null}
      </div>
      {hasDigest ? (
        <ScheduleOccurrences cron={cron} timeZone={String(timeZone ?? "UTC")} lengthSeconds={0} count={4} />
      ) : null}
    </>
  );
}

function RuleAside() {
  const rule = useRecordContext<NotificationRule>();
  if (!rule) return null;
  return (
    <section className="panel" aria-label="More of this rule">
      <div className="panel-body stack">
        <p style={{ margin: 0 }}>
          <Link to="/simulation">Who would be told</Link> asks of one host or service, at any moment.
        </p>
        <div className="row">
          <AuditLink kind="NotificationRule" name={rule.name} />
        </div>
      </div>
    </section>
  );
}

export function NotificationRuleEdit() {
  return (
    <EditPage
      title={(rule) => String(rule.name)}
      schema={NotificationRuleInput}
      transform={ruleInput}
      aside={<RuleAside />}
    >
      <NotificationRuleInputs />
    </EditPage>
  );
}

export function NotificationRuleCreate() {
  return (
    <CreatePage
      title="New notification rule"
      defaults={defaultsOf(NotificationRuleInput)}
      schema={NotificationRuleInput}
      transform={ruleInput}
    >
      <NotificationRuleInputs />
    </CreatePage>
  );
}
