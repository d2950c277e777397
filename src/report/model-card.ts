import type { MemberRecipe } from '../contracts/plan.ts';
import type { ModelFormat } from '../contracts/fields.ts';
import type { ConfusionCounts } from '../contracts/result.ts';
import type { Task } from '../contracts/task.ts';
import {
  code,
  inline,
  list,
  paragraph,
  strong,
  table,
  text,
  type Block,
  type Content,
  type Inline,
} from './document.ts';
import { classResults } from './class-tables.ts';
import { coefficientTable, type CardCoefficients } from './coefficient-table.ts';
import { contributionTable, type CardContributions } from './contribution-table.ts';
import { examination, type CardImportance } from './model-examination.ts';
import { renderBlocks, renderInline } from './markdown.ts';
import { metricHeader } from './metric-names.ts';
import { counted, formatCount, decimalsFor, formatFixed, missing } from './numbers.ts';

/** One score of the released model; `lower` and `upper` bound it at `confidence`, null where no interval is known. */
export interface CardScore {
  readonly metric: string;
  readonly estimate: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
}

/** What a model card says. Texts that nobody wrote are null and shown as such: a gap is information. */
export interface ModelCard {
  readonly model: string;
  readonly version: string;
  readonly format: ModelFormat;
  readonly task: Task;
  readonly target: string;
  /** In the order of the probabilities; empty for regression. */
  readonly classes: readonly string[];
  readonly owner: string | null;
  readonly description: string | null;
  readonly intendedUse: string | null;
  readonly limitations: string | null;
  readonly licence: string | null;
  readonly trainer: string;
  /** The rows here have judged it, and taught it nothing. */
  readonly trainedElsewhere: boolean;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Recipes that it is built on; absent for a model that stands alone. */
  readonly members?: readonly MemberRecipe[] | undefined;
  readonly data: {
    readonly source: string;
    readonly files: number;
    /** Of the file; where there are several, the fingerprint of the table. */
    readonly sha256: string;
    /** Rows with a known target: those the model learnt from and those kept for the test set. */
    readonly developmentRows: number;
    readonly holdoutRows: number;
  };
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly missing: number | null;
  }[];
  /** Features that the model computes from its inputs. */
  readonly computed: readonly { readonly name: string; readonly definition: string }[];
  /** Where the scores come from, in plain words, e.g. "the test set (hold-out), 1,200 rows". */
  readonly evaluatedOn: string;
  readonly scores: readonly CardScore[];
  /** Out-of-fold rows by truth and predicted class; null where they weren't counted. */
  readonly confusion: ConfusionCounts | null;
  /** What shuffling each input costs; null where it could not be measured. */
  readonly importance: CardImportance | null;
  /** Of a linear model or trees; null for others. */
  readonly contributions: CardContributions | null;
  /** Of a linear model; null for others. */
  readonly coefficients: CardCoefficients | null;
  /** The verdict's sentence. */
  readonly verdict: string;
  readonly commit: string | null;
  readonly runUrl: string | null;
}

/** Its archives hold the factory's own pre-processing. */
const layersTrainer = 'tensorflow';

const unsaid: Content = ['Not stated. Write it under ', code('card'), ' in model-factory.yml.'];

/**
 * `MODEL_CARD.md` with the section names of Hugging Face's template (Mitchell et al., "Model Cards for Model
 * Reporting", 2019). Users' texts are escaped like everywhere else.
 */
export function renderModelCard(card: ModelCard): string {
  const title = (level: number, content: Content): string => `${'#'.repeat(level)} ${renderInline(content)}`;
  const section = (level: number, name: string, ...blocks: Block[]): string[] => [
    title(level, name),
    ...(blocks.length > 0 ? [renderBlocks(blocks)] : []),
  ];
  return [
    frontMatter(card),
    title(1, ['Model Card for ', text(card.model), ' ', text(card.version)]),
    ...section(2, 'Model Details'),
    ...section(3, 'Model Description', said(card.description), list(details(card))),
    ...section(2, 'Uses'),
    ...section(3, 'Direct Use', said(card.intendedUse)),
    ...section(2, 'Bias, Risks, and Limitations', said(card.limitations), list(knownLimits(card))),
    ...section(2, 'How to Get Started with the Model', ...gettingStarted(card)),
    ...section(2, 'Training Details'),
    ...section(3, 'Training Data', paragraph(trainingData(card)), inputTable(card)),
    ...section(3, 'Training Procedure', list(procedure(card))),
    ...section(2, 'Evaluation'),
    ...section(
      3,
      'Testing Data, Factors & Metrics',
      paragraph(['Measured on ', text(card.evaluatedOn), '.']),
    ),
    ...section(3, 'Results', paragraph([text(card.verdict)]), scoreTable(card.scores), ...classResults(card)),
    ...section(
      2,
      'Model Examination',
      ...examination(card.importance),
      ...contributionTable(card.contributions),
      ...coefficientTable(card.coefficients),
    ),
    ...section(2, 'Model Card Contact', said(card.owner)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Metadata that the Hugging Face hub reads; JSON strings are valid YAML. */
function frontMatter({ licence, task, format }: ModelCard): string {
  const tag = task === 'regression' ? 'tabular-regression' : 'tabular-classification';
  return [
    '---',
    ...(licence === null ? [] : [`license: ${JSON.stringify(licence)}`]),
    `pipeline_tag: ${tag}`,
    ...(format === 'opaque' ? [] : ['library_name: onnx']),
    'tags: ["model-factory"]',
    '---',
  ].join('\n');
}

function said(value: string | null): Block {
  return paragraph(value === null || value.trim() === '' ? unsaid : [text(value)]);
}

function details({ task, target, classes, licence, commit, runUrl, owner }: ModelCard): Content[] {
  return [
    [strong('Developed by:'), ' ', text(owner ?? missing)],
    [strong('Model type:'), ` ${task}, predicts `, code(target)],
    ...(classes.length > 0 ? [[strong('Classes:'), ' ', ...separated(classes)]] : []),
    [strong('License:'), ' ', text(licence ?? missing)],
    ...(commit === null ? [] : [[strong('Commit:'), ' ', code(commit)]]),
    ...(runUrl === null
      ? []
      : [[strong('Run:'), ' ', { kind: 'link', label: runUrl, url: runUrl } satisfies Inline]]),
  ];
}

function separated(names: readonly string[]): Inline[] {
  return names.flatMap((name, i) => [...(i > 0 ? inline(', ') : []), code(name)]);
}

function knownLimits({ data, classes, format, trainer, trainedElsewhere }: ModelCard): Content[] {
  return [
    ...(trainer === 'k-nearest-neighbours'
      ? [
          [
            strong('The model file holds its training rows.'),
            ' Whoever can read it can read every column of each row that it learnt from, and its target.',
          ],
        ]
      : []),
    ...(trainedElsewhere
      ? [
          'It was trained elsewhere: where it learnt from rows that judged it, its scores are better than they should be.',
        ]
      : []),
    'It describes the data it was trained on; other populations and later times can differ.',
    ...(data.holdoutRows === 0
      ? ['No test set was kept apart: the scores are cross-validated and were used to choose the model.']
      : []),
    ...(classes.length > 0 ? ['A probability is only as well calibrated as the scores below say.'] : []),
    format === 'onnx' || trainer === layersTrainer
      ? 'Categories with fewer than 10 rows were pooled as rare, and unseen ones are treated alike.'
      : 'Another tool made it: what it does with rare and unseen categories is up to that.',
  ];
}

function gettingStarted({ format, trainer, inputs, classes }: ModelCard): Block[] {
  const columns = counted(inputs.length, 'column');
  const outputs = classes.length > 0 ? [code('label'), ' and ', code('probabilities')] : [code('variable')];
  const layers = [
    code('model.tar'),
    ` holds a net of TensorFlow.js (`,
    code('model.json'),
    ', ',
    code('weights.bin'),
    `) and the pre-processing that makes its features of ${columns}. The factory predicts with it; no code of the repository runs.`,
  ];
  const use: Readonly<Record<ModelFormat, (string | Inline)[]>> = {
    onnx: [
      code('model.onnx'),
      ` takes ${columns}, each N × 1, with the pre-processing inside, and gives `,
      ...outputs,
      ' in any ONNX runtime.',
    ],
    'foreign-onnx': [
      code('model.onnx'),
      ` was written by another tool from ${columns}; any ONNX runtime runs it, with inputs and outputs as that tool named them.`,
    ],
    opaque:
      trainer === layersTrainer
        ? layers
        : [
            code('model.tar'),
            ` holds what a program left after learning from ${columns}. Only its own `,
            code('predict'),
            ' command reads it, as it was at the commit above.',
          ],
  };
  return [
    paragraph([
      ...use[format],
      ' ',
      code('signature.json'),
      ' describes inputs and outputs, ',
      code('golden.json'),
      ' holds synthetic rows with expected answers, ',
      code('SHA256SUMS'),
      ' the digests of all files.',
    ]),
  ];
}

function trainingData({ data, inputs, trainedElsewhere }: ModelCard): Content {
  const use = trainedElsewhere ? 'to judge by' : 'to learn from';
  return [
    code(data.source),
    data.files === 1 ? ' (SHA-256' : ` (${data.files} files, fingerprint`,
    ` ${data.sha256.slice(0, 12)}…): ${counted(data.developmentRows, 'row')} ${use}, `,
    `${formatCount(data.holdoutRows)} kept apart as test set (hold-out), ${counted(inputs.length, 'input')}.`,
  ];
}

function inputTable({ inputs, data }: ModelCard): Block {
  const share = (count: number | null): string =>
    count === null || data.developmentRows === 0
      ? missing
      : `${formatFixed((100 * count) / data.developmentRows, 1)} %`;
  return table(
    ['Input', 'Type', 'Missing'],
    inputs.map((input) => [[code(input.name)], input.type, share(input.missing)]),
    ['left', 'left', 'right'],
  );
}

function procedure({ trainer, params, seed, computed, members = [] }: ModelCard): Content[] {
  return [
    [strong('Trainer:'), ' ', code(trainer)],
    [strong('Seed:'), ` ${seed}`],
    ...members.map((own): Content => [
      ...[strong('Built on:'), ' ', code(own.name), ', ', code(own.trainer), ' '],
      ...[code(JSON.stringify(own.params)), `, seed ${own.seed}`],
    ]),
    ...computed.map(({ name, definition }): Content => [
      ...[strong('Computed:'), ' ', code(name), ' = ', code(definition)],
    ]),
    ...Object.entries(params).map(([name, value]): Content => [
      code(name),
      ' = ',
      code(JSON.stringify(value)),
    ]),
  ];
}

function scoreTable(scores: readonly CardScore[]): Block {
  const interval = ({ lower, upper, confidence }: CardScore): string =>
    lower === null || upper === null
      ? missing
      : `${significant(lower)} to ${significant(upper)} (${formatFixed(confidence * 100, 0)} %)`;
  return table(
    ['Metric', 'Estimate', 'Interval'],
    scores.map((score) => [metricHeader(score.metric), significant(score.estimate), interval(score)]),
    ['left', 'right', 'right'],
  );
}

/** Four significant digits. */
function significant(value: number): string {
  return formatFixed(value, decimalsFor([value]));
}
