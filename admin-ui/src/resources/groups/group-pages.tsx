import { TextInput } from "react-admin";
import { Link } from "react-router-dom";
import { createPages } from "../../definition/create-pages.tsx";
import { NamesInput } from "../../form/NamesInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { serviceSelectorText } from "../../selector/selector-text.ts";

function DescriptionInputs() {
  return (
    <fieldset>
      <legend>Description</legend>
      <TextInput source="alias" label="Description" helperText={false} />
      <div className="form-grid">
        <TextInput source="notesUrl" label="Link to notes" helperText="A page about the group" />
        <TextInput source="actionUrl" label="Link to act" helperText="Where to do something about it" />
      </div>
      <TextInput source="notes" multiline minRows={2} helperText={false} />
    </fieldset>
  );
}

function described({
  alias,
  notes,
  notesUrl,
  actionUrl,
}: {
  readonly alias: string;
  readonly notes: string;
  readonly notesUrl: string | null;
  readonly actionUrl: string | null;
}) {
  return [
    ["Description", alias || null],
    ["Notes", notes || null],
    ["Link to notes", notesUrl],
    ["Link to act", actionUrl],
  ] as const;
}

export const hostGroupPages = createPages<"HostGroup">({
  kind: "HostGroup",
  title: "Host groups",
  subtitle: "What host groups are called; which hosts are in one says each host",
  empty: "A group needs no entry to exist: hosts name theirs. An entry here gives it a description, notes and links.",
  columns: [
    {
      key: "alias",
      label: "Description",
      narrow: "full",
      render: ({ alias }) => <span className="clip">{alias}</span>,
    },
    {
      key: "hosts",
      label: "Hosts",
      width: 110,
      render: ({ name }) => (
        <Link to={`/hosts?filter=${encodeURIComponent(JSON.stringify({ group: name }))}`}>show them</Link>
      ),
    },
  ],
  nameHelp: "As hosts name it among their groups",
  Inputs: DescriptionInputs,
  facts: described,
  Panels: ({ record }) => (
    <Panel title="Hosts in it">
      <SelectorCoverage selector={{ groups: [record.name], services: [] }} verb="Has" />
    </Panel>
  ),
});

export const serviceGroupPages = createPages<"ServiceGroup">({
  kind: "ServiceGroup",
  title: "Service groups",
  subtitle: "Services under one name, by selector: those added later belong to it",
  empty: "A service group gathers services, for views such as NagVis' and for reports.",
  columns: [
    {
      key: "selector",
      label: "Services",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{serviceSelectorText(selector)}</span>,
    },
    {
      key: "alias",
      label: "Description",
      width: "24%",
      narrow: "hide",
      render: ({ alias }) => <span className="clip">{alias}</span>,
    },
  ],
  defaults: () => ({ selector: { services: ["*"] } }),
  Inputs: () => (
    <>
      <fieldset>
        <legend>Services in it</legend>
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" verb="Has" />
      </fieldset>
      <DescriptionInputs />
    </>
  ),
  facts: (group) => [["Services", serviceSelectorText(group.selector)], ...described(group)],
  Panels: ({ record }) => (
    <Panel title="Services in it">
      <SelectorCoverage selector={record.selector} verb="Has" />
    </Panel>
  ),
});

export const contactGroupPages = createPages<"ContactGroup">({
  kind: "ContactGroup",
  title: "Contact groups",
  subtitle: "Contacts under one name, for rules and escalations",
  empty: "A group of contacts is told together: a rule names the group, and who is in it changes here.",
  columns: [
    {
      key: "contacts",
      label: "Contacts",
      narrow: "full",
      render: ({ contacts }) =>
        contacts.length > 0 ? (
          <span className="clip">{contacts.join(", ")}</span>
        ) : (
          <b className="tone-warning">nobody</b>
        ),
    },
    {
      key: "groups",
      label: "And the groups",
      width: "22%",
      narrow: "hide",
      render: ({ groups }) => <span className="clip">{groups.join(", ")}</span>,
    },
  ],
  Inputs: () => (
    <fieldset>
      <legend>Who is in it</legend>
      <TextInput source="alias" label="Description" helperText={false} />
      <NamesInput source="contacts" label="Contacts" reference="contacts" />
      <NamesInput
        source="groups"
        label="Contact groups"
        reference="contact-groups"
        helperText="Whose contacts belong to this one as well"
      />
    </fieldset>
  ),
  facts: (group) => [
    ["Description", group.alias || null],
    ["Contacts", group.contacts.join(", ") || null],
    ["And the groups", group.groups.join(", ") || null],
  ],
});
