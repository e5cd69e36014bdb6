import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type CommandCall, expandCommand, splitCheckCommand } from "./command-line.ts";
import { monitoredKey, type ReadingOptions } from "./configuration.ts";
import { readRounds } from "./duplicate-foreach.ts";
import { contactsOf } from "./expand-configuration.ts";
import { formatObjects } from "./format-objects.ts";
import { evaluateGroups } from "./group-expression.ts";
import { customVariablesOf, textOf } from "./nagios-object.ts";
import { collectFaults } from "./place.ts";
import { readConfiguration } from "./read-configuration.ts";
import { readMainFile, readResourceFile } from "./read-main-file.ts";
import { readObjects } from "./read-objects.ts";
import { splitShellWords } from "./shell-words.ts";

function read(text: string, options: Partial<ReadingOptions> = {}) {
  return readConfiguration([{ name: "o.cfg", text }], options);
}
function host(name: string, more = ""): string {
  return `define host{\nhost_name ${name}\n${more}\n}\n`;
}
function group(name: string, more = ""): string {
  return `define hostgroup{\nhostgroup_name ${name}\n${more}\n}\n`;
}
function service(description: string, more: string): string {
  return `define service{\nservice_description ${description}\ncheck_command x\n${more}\n}\n`;
}
function servicesOf(text: string, options: Partial<ReadingOptions> = {}): string[] {
  const { configuration, faults } = read(text, options);
  assert.deepEqual(
    faults.filter(({ severity }) => severity === "error"),
    [],
  );
  return configuration.services.map(({ host: name, description }) => `${name}/${description}`);
}

describe("object files", () => {
  test("comments, escaped semicolons and continued lines are read as nagios4 reads them", () => {
    const text = `# comment\ndefine host{\n host_name h1 ; comment\n notes a\\;b ; c\n display_name long \\\n    name\n alias Two # no comment\n}\n`;
    const { objects } = readObjects("a.cfg", text, collectFaults());
    assert.deepEqual(
      objects[0]?.directives.map(({ name, value, place }) => [name, value, place.line]),
      [
        ["host_name", "h1", 3],
        ["notes", "a;b", 4],
        ["display_name", "long name", 5],
        ["alias", "Two # no comment", 7],
      ],
    );
  });

  test("every fault has its line, and what can be read is read", () => {
    const faults = collectFaults();
    const text =
      "nonsense\ndefine host{\nhost_name a\n}\ndefine host{\nhost_name b\ndefine host{\nhost_name c\n}\ndefine x{\n";
    const { objects } = readObjects("a.cfg", text, faults);
    assert.deepEqual(
      objects.map(({ directives }) => directives[0]?.value),
      ["a", "c"],
    );
    assert.deepEqual(
      faults.faults.map(({ place }) => place.line),
      [1, 5, 10],
    );
  });

  test("a main file names sources in their order and keeps settings", () => {
    const faults = collectFaults();
    const main = readMainFile("nagios.cfg", "cfg_dir=a\n#x\ncfg_file=b\nresource_file=r\ninterval_length=30\n", faults);
    assert.deepEqual(
      main.sources.map(({ kind, path }) => `${kind} ${path}`),
      ["directory a", "file b", "resource r"],
    );
    assert.equal(main.settings.get("interval_length")?.value, "30");
    const macros = readResourceFile("r", "$USER1$=/usr/lib/nagios/plugins\n$USER3$=a=b;c\nbad\n", faults);
    assert.deepEqual(
      [...macros],
      [
        ["USER1", "/usr/lib/nagios/plugins"],
        ["USER3", "a=b;c"],
      ],
    );
    assert.deepEqual(
      faults.faults.map(({ place, severity }) => [place.file, place.line, severity]),
      [["r", 3, "warning"]],
    );
  });
});

describe("templates", () => {
  const templates = `define host{
name a
register 0
hostgroups +ga
_PORT 1
contact_groups +ca
}
define host{
name b
register 0
hostgroups gb
_port 2
_X null
max_check_attempts 3
contact_groups cb
}
`;
  test("the first template wins, + adds up through the chain, null cancels, custom variables keep the word null", () => {
    const { configuration } = read(`${templates}${host("h1", "use a,b\nhostgroups +gc\ncontact_groups null")}`);
    const [h1] = configuration.hosts;
    assert.ok(h1);
    assert.equal(textOf(h1.object, "hostgroups"), "gb,ga,gc");
    assert.equal(textOf(h1.object, "contact_groups"), undefined);
    assert.equal(textOf(h1.object, "max_check_attempts"), "3");
    assert.deepEqual(customVariablesOf(h1.object), { PORT: "1", X: "null" });
    assert.deepEqual(h1.object.templates, ["a", "b"]);
  });

  test("a list without + ends the adding up", () => {
    const { configuration } = read(`${templates}${host("h2", "use b,a\nhostgroups +gc")}`);
    assert.equal(textOf(configuration.hosts[0]!.object, "hostgroups"), "gb,gc");
  });

  test("a template that is missing or uses itself is an error; Shinken keeps a missing one as a tag", () => {
    const text = `define host{\nname a\nuse a\nregister 0\n}\n${host("h", "use a,none")}`;
    assert.deepEqual(
      read(text).faults.map(({ severity, place }) => [severity, place.line]),
      [
        ["error", 3],
        ["error", 8],
      ],
    );
    const shinken = read(host("h", "use none"), { isShinken: true });
    assert.deepEqual(
      shinken.faults.map(({ severity }) => severity),
      ["warning"],
    );
    assert.deepEqual(shinken.configuration.hosts[0]?.object.templates, ["none"]);
  });

  test("a time period has its template's days but for those it says itself", () => {
    const { configuration } = read(
      "define timeperiod{\nname t\nregister 0\nmonday 00:00-24:00\ndecember 25 00:00-00:00\n}\ndefine timeperiod{\ntimeperiod_name p\nuse t\nmonday 09:00-17:00\n}\n",
    );
    assert.deepEqual(
      configuration.timePeriods[0]?.object.repeated.map(({ name, value }) => `${name} ${value}`),
      ["monday 09:00-17:00", "december 25 00:00-00:00"],
    );
  });
});

describe("hosts of a service", () => {
  const base = host("h1", "hostgroups g") + host("h2", "hostgroups g") + host("n3", "hostgroups g") + group("g");

  const table: [string, string, Partial<ReadingOptions>, string[]][] = [
    ["a group without one of its members", "hostgroup_name g\nhost_name !n3", {}, ["h1/S", "h2/S"]],
    ["all hosts", "host_name *", {}, ["h1/S", "h2/S", "n3/S"]],
    ["all but one", "host_name *,!h2", {}, ["h1/S", "n3/S"]],
    ["a regular expression where that is on", "host_name ^h.*", { hasRegexMatching: true }, ["h1/S", "h2/S"]],
    [
      "any name as a regular expression",
      "host_name h",
      { hasRegexMatching: true, hasTrueRegexMatching: true },
      ["h1/S", "h2/S"],
    ],
  ];
  for (const [what, lists, options, expected] of table) {
    test(`may be ${what}`, () => assert.deepEqual(servicesOf(base + service("S", lists), options), expected));
  }

  test("a name that does not exist is an error with its line", () => {
    const { faults } = read(service("S", "host_name nobody"));
    assert.match(faults[0]!.message, /there is no host "nobody"/);
    assert.equal(faults[0]!.place.line, 4);
  });

  test("a service that names the host wins over one that comes by a group, else the first holds", () => {
    const text =
      base +
      service("S", "hostgroup_name g\n_A group") +
      service("S", "host_name h2\n_A direct") +
      service("S", "host_name h2\n_A late");
    const { configuration, faults } = read(text);
    assert.deepEqual(
      configuration.services.map(({ host: name, object }) => `${name} ${textOf(object, "_A")}`),
      ["h1 group", "h2 direct", "n3 group"],
    );
    assert.deepEqual(
      faults.map(({ severity }) => severity),
      ["warning"],
    );
  });

  test("contacts, period and interval come from the host when the service names none", () => {
    const { configuration } = read(
      `${host("h", "contacts c\nnotification_interval 7")}define contact{\ncontact_name c\n}\n${service("S", "host_name h")}`,
    );
    const [one] = configuration.services;
    assert.equal(textOf(one!.object, "notification_interval"), "7");
    assert.deepEqual(contactsOf(one!.object, new Map(), new Set(["c"])), ["c"]);
  });
});

describe("Shinken", () => {
  const shinken = { isShinken: true };
  const base =
    host("a", "hostgroups linux,db\nuse http\n_DISKS C $(80)$ $(90)$, D") +
    host("b", "hostgroups linux\nuse http,prod") +
    group("linux") +
    group("db");

  test("expressions over groups", () => {
    assert.deepEqual(servicesOf(base + service("S", "hostgroup_name linux&!db"), shinken), ["b/S"]);
    const members = new Map([
      ["a", new Set(["1", "2"])],
      ["b", new Set(["2", "3"])],
    ]);
    const evaluate = (text: string) => evaluateGroups(text, new Set(["1", "2", "3", "4"]), (name) => members.get(name));
    const table: [string, string[] | string][] = [
      ["a&b", ["2"]],
      ["a|b", ["1", "2", "3"]],
      ["a,b", ["1", "2", "3"]],
      ["!a", ["3", "4"]],
      ["!(a|b)", ["4"]],
      ["*&!b", ["1", "4"]],
      ["a&", "expression has its end where a group should be"],
      ["(a", "expression has a ( without )"],
      ["a)b", "expression has ) after its end"],
    ];
    for (const [text, expected] of table) {
      const value = evaluate(text);
      assert.deepEqual(typeof value === "string" ? value : [...value.members].sort(), expected, text);
    }
  });

  test("a service template that names a host template is on every host with that tag", () => {
    const text = `${base}define service{\nservice_description Http\nhost_name http\ncheck_command x\nregister 0\n}\n`;
    assert.deepEqual(servicesOf(text, shinken), ["a/Http", "b/Http"]);
    assert.deepEqual(servicesOf(text.replace("host_name http", "host_name http&prod"), shinken), ["b/Http"]);
    assert.deepEqual(servicesOf(text.replaceAll("use http", "")), []);
  });

  test("duplicate_foreach makes a service of each key, with its values", () => {
    const text =
      base + service("Disk $KEY$", "host_name *\nduplicate_foreach _disks\ndefault_value $(70)$\n_W $VALUE1$/$VALUE2$");
    const { configuration } = read(text, shinken);
    assert.deepEqual(
      configuration.services.map(
        ({ host: name, description, object }) => `${name} ${description} ${textOf(object, "_W")}`,
      ),
      ["a Disk C 80/90", "a Disk D 70/70"],
    );
    assert.deepEqual(
      readRounds("port [1-3] $(a,b)$, x[0-4/2]")?.map(({ key, values }) => `${key}:${values}`),
      ["port 1:a,b", "port 2:a,b", "port 3:a,b", "x0:", "x2:", "x4:"],
    );
    assert.equal(readRounds("[1-999999999]"), null);
  });

  test("hosts override, exclude and include services", () => {
    const text =
      host("h1", "service_overrides A,check_interval 9\nservice_overrides B,retry_interval 8") +
      host("h2", "service_excludes A") +
      host("h3", "service_includes B*") +
      service("A", "host_name *") +
      service("B", "host_name *");
    const { configuration } = read(text, shinken);
    assert.deepEqual(
      configuration.services.map(({ host: name, description, object }) =>
        [name, description, textOf(object, "check_interval"), textOf(object, "retry_interval")]
          .filter(Boolean)
          .join(" "),
      ),
      ["h1 A 9", "h1 B 8", "h2 B", "h3 B"],
    );
  });
});

test("dependencies without dependent hosts are between services of one host, and one with both criteria is one", () => {
  const { configuration } = read(
    `${host("h1", "hostgroups g")}${host("h2", "hostgroups g")}${group("g")}${service("A", "hostgroup_name g")}${service("B", "hostgroup_name g")}define servicedependency{
hostgroup_name g
service_description A
dependent_service_description B
execution_failure_criteria w
notification_failure_criteria c
}
define hostdependency{
host_name h1
dependent_host_name h1,h2
notification_failure_options d
}
`,
  );
  assert.deepEqual(
    configuration.dependencies.map(({ master, dependent }) =>
      `${monitoredKey(master)}>${monitoredKey(dependent)}`.replaceAll("\0", "/"),
    ),
    ["h1>h2", "h1/A>h1/B", "h2/A>h2/B"],
  );
  assert.equal(textOf(configuration.dependencies[1]!.object, "execution_failure_options"), "w");
});

test("parents in a circle and hosts defined twice are errors", () => {
  const { faults } = read(host("a", "parents b") + host("b", "parents a") + host("a"));
  assert.deepEqual(
    faults.map(({ message }) => message.replace(/".*/, "")),
    ["host ", "host "],
  );
});

describe("commands", () => {
  const call: CommandCall = splitCheckCommand("c!100,20%!it\\!s $HOSTADDRESS$");
  const macro = (name: string) => {
    if (name === "USER1") return "/plugins";
    return name === "HOSTADDRESS" ? { keep: true as const } : undefined;
  };
  test("arguments and macros are put in, what is filled in later stays", () => {
    const command = expandCommand(
      "$USER1$/check_x -H $HOSTADDRESS$ -w '$ARG1$' -c \"$ARG2$\" $ARG3$ $NONE$ '$$5'",
      call,
      macro,
    );
    assert.ok(command.kind === "words");
    assert.deepEqual(command.words, [
      "/plugins/check_x",
      "-H",
      "$HOSTADDRESS$",
      "-w",
      "100,20%",
      "-c",
      "it!s $HOSTADDRESS$",
      "$$5",
    ]);
    assert.deepEqual(command.unknown, ["NONE"]);
  });

  const table: [string, string[] | string][] = [
    ["a b\tc", ["a", "b", "c"]],
    [`a 'b c' "d e"f\\ g`, ["a", "b c", "d ef g"]],
    [`a "" ''`, ["a", "", ""]],
    [`a "x\\"y\\n"`, ["a", 'x"y\\n']],
    ["a | b", "a pipe"],
    ["a > b", "a redirection"],
    ["a `b`", "backquotes"],
    ['a "`b`"', "backquotes"],
    ['a "$b"', "a shell variable"],
    ["a; b", "several commands"],
    ["A=1 b", "an environment variable before the program"],
    ["a 'b", "a quote that does not end"],
    ["a *.log", "a file name pattern"],
    ["a b\\", "a backslash at the end"],
    ["", []],
  ];
  for (const [line, expected] of table) {
    test(`${JSON.stringify(line)} is ${JSON.stringify(expected)}`, () => {
      const split = splitShellWords(line);
      assert.deepEqual(split.kind === "words" ? split.words : split.because, expected);
    });
  }
});

test("what is written is read back the same", () => {
  const value = fc
    .string({ minLength: 1, maxLength: 30, unit: fc.constantFrom("a", " ", ";", "#", "é", "\\", "{", "}", '"') })
    .map((text) => `x${text}`.trimEnd().replace(/\\+$/, "").trimEnd().replace(/\\+;/g, ";"));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      const directives = values.map((text, at): [string, string] => [`key${at}`, text]);
      const faults = collectFaults();
      const { objects } = readObjects("x", formatObjects([{ type: "host", directives }]), faults);
      assert.deepEqual(faults.faults, []);
      assert.deepEqual(
        objects[0]?.directives.map(({ value: text }) => text),
        values,
      );
    }),
  );
});

test("nothing anybody writes makes the reader throw", () => {
  const word = fc.constantFrom(
    ..."define host{|define service {|}|name a|use a,b|use b|register 0|host_name *|host_name a,!b|hostgroup_name g&!h|hostgroups +g|members a,b|hostgroup_members g|parents a|service_description S $KEY$|duplicate_foreach _X|_X [1-9] $(a)$|check_command bp_rule!a|define timeperiod{|monday 1|define hostgroup{|hostgroup_name g|define servicedependency{|dependent_service_description *|servicegroups s|define serviceescalation{|escalations e|service_overrides S,x y|cfg_file=x|\\|;|#|service_excludes *a*|define contact{|contact_name c|contactgroups k".split(
      "|",
    ),
    "host_name a",
    "service_dependencies a,S",
  );
  const line = fc.oneof({ weight: 5, arbitrary: word }, fc.string({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.boolean(), (lines, isShinken) => {
      const text = lines.join("\n");
      const { faults } = read(text, { isShinken, hasRegexMatching: isShinken });
      for (const { place } of faults) assert.ok(place.line >= 1 && place.line <= lines.length);
      readMainFile("m", text, collectFaults());
    }),
    { numRuns: 300 },
  );
});
