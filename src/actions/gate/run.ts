import { join } from 'node:path';
import { handOver, takeOver, takeOverShards } from '../../factory/artifacts.ts';
import { linksOf, putOut, summarise } from '../../factory/announce.ts';
import { concludeRun } from '../../factory/conclude.ts';
import { documentFiles, loadPlan, loadTrained, saveBasePlan, saveVerdict } from '../../factory/handover.ts';
import { configFileOf, connect, historyOn, portsOf, type Job } from '../../factory/job.ts';
import { basePlanOf } from '../../factory/plan.ts';
import { openProject } from '../../factory/project.ts';
import { baseOf } from '../../factory/question.ts';
import { samePlan } from '../../factory/same-plan.ts';
import { withSides } from '../../factory/run.ts';
import { assess } from '../../factory/situation.ts';
import { Git } from '../../platform/git.ts';
import { buildReport, renderReport } from '../../report/report.ts';
import { commonInputs, integerInput, personInput, requiredInput } from '../inputs.ts';

/** Judges what the shards trained, records the run, and hands the verdict over. */
export async function run(job: Job): Promise<void> {
  const inputs = commonInputs(job.runner);
  const { runner, context } = job;
  requiredInput(runner, 'plan-artifact-id');
  const planId = integerInput(runner, 'plan-artifact-id', 1, Number.MAX_SAFE_INTEGER)!;
  const folder = await takeOver(job, planId, 'gate');
  const planned = await loadPlan(folder);
  await takeOverShards(job, planned.model, folder);
  const trained = await loadTrained(folder);
  const configFile = configFileOf(context, inputs.workingDirectory, inputs.config);
  const ports = portsOf(
    job,
    historyOn(connect(job, inputs.githubToken), inputs.ledgerRef),
    integerInput(runner, 'workers', 1, 256),
  );
  const choice = personInput(runner);
  const person = choice && { ...choice, who: `@${context.actor}` };
  const { question } = planned;
  const base = await baseOf(context, new Git(context.workspace));
  await withSides({ configFile, question, base }, async (checkout, commit, git) => {
    const project = await openProject(configFile);
    const reassess = () => assess(project, question, commit, checkout, ports.history);
    const first = await reassess();
    const { plan, extra } = await samePlan(first, planned, trained, ports, person);
    const all = [...trained, ...extra];
    const { situation, verdict, refusal } = await concludeRun({
      situation: first,
      plan,
      trained: all,
      git,
      ports,
      person,
      reassess,
    });
    const sections = buildReport({
      verdict,
      plan,
      results: all.map(({ result }) => result),
      basePlan: basePlanOf(situation),
      links: linksOf(job),
      command: null,
    });
    await summarise(job, sections);
    const winner = all.find(({ result }) => result.candidate === verdict.winner);
    const files = [
      documentFiles.plan,
      documentFiles.split,
      ...(await saveBasePlan(folder, basePlanOf(situation))),
      ...(await saveVerdict(folder, verdict, renderReport(sections))),
      ...all.map(({ result }) => `results/${result.candidate}.json`),
      ...(winner?.onnx
        ? [`predictions/${winner.result.candidate}.bin`, `candidates/${winner.result.candidate}.onnx`]
        : []),
    ];
    const id = await handOver(job, 'verdict', verdict.model, folder, files);
    runner.setOutput('report-path', join(folder, documentFiles.report));
    runner.setOutput('verdict-path', join(folder, documentFiles.verdict));
    runner.setOutput('verdict-artifact-id', id);
    putOut(job, verdict, situation.config);
    if (refusal) throw refusal;
  });
}
