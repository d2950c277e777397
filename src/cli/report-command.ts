import { reportStep } from '../factory/steps/report.ts';
import { renderReport } from '../report/report.ts';
import { renderText } from '../report/terminal.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { commonOptions, outFolder } from './local-run.ts';

/** The report of a run again, from its documents. */
export const reportCommand: Command = {
  name: 'report',
  summary: 'Print the report of a run again, from the documents in its folder.',
  options: {
    out: commonOptions.out,
    markdown: { help: 'as Markdown, as in report.md' },
    json: { help: 'the verdict as JSON' },
  },
  run: async (args, terminal) => {
    if (args.flag('markdown') && args.flag('json'))
      throw argumentError('--markdown and --json exclude each other', 'Choose one of them.');
    const { verdict, sections } = await reportStep(outFolder(args, terminal));
    if (args.flag('json')) terminal.print(JSON.stringify(verdict, null, 2));
    else if (args.flag('markdown')) terminal.print(renderReport(sections).trimEnd());
    else terminal.print(renderText(sections, terminal.columns));
    return exitCodes.ok;
  },
};
