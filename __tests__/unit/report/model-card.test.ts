import { describe, expect, it } from '@jest/globals';
import { renderModelCard, type ModelCard } from '../../../src/report/model-card.ts';
import { elementsOf, htmlOf, visibleText } from './gfm.ts';

const card: ModelCard = {
  model: 'next-best-action',
  version: 'v1.4.0',
  format: 'onnx',
  task: 'binary',
  target: 'y',
  classes: ['no', 'yes'],
  owner: '@team-growth',
  description: 'Who will subscribe after a call.',
  intendedUse: null,
  limitations: null,
  licence: 'CC-BY-4.0',
  trainer: 'gradient-boosting',
  trainedElsewhere: false,
  params: { max_iter: 300, learning_rate: 0.05 },
  seed: 7,
  data: {
    source: 'data/bank.csv',
    files: 1,
    sha256: 'ab'.repeat(32),
    developmentRows: 32950,
    holdoutRows: 8238,
  },
  inputs: [
    { name: 'age', type: 'number', missing: 0 },
    { name: 'job', type: 'category', missing: 264 },
  ],
  computed: [{ name: 'debt-ratio', definition: 'debt / income' }],
  evaluatedOn: 'the test set (hold-out), 8,238 rows',
  scores: [
    { metric: 'log_loss', estimate: 0.27134, lower: 0.2598, upper: 0.28288, confidence: 0.95 },
    { metric: 'roc_auc', estimate: 0.8012, lower: null, upper: null, confidence: 0.95 },
  ],
  confusion: [
    [28_900, 320],
    [2_600, 1_130],
  ],
  coefficients: null,
  contributions: {
    ...{ unit: 'log odds', label: 'yes', classes: 1, rows: 2000 },
    columns: [
      { column: 'job', mean: 0.4128 },
      { column: 'age', mean: 0.051 },
      { column: 'unread', mean: 0 },
    ],
  },
  importance: {
    metric: 'log_loss',
    rows: 2000,
    shuffles: 3,
    inputs: [
      { input: 'job', mean: 0.0312, deviation: 0.0021 },
      { input: 'age', mean: -0.0001, deviation: 0.0004 },
    ],
    leftOut: 0,
  },
  verdict: 'Promoted: log loss is better by 0.012.',
  commit: 'c'.repeat(40),
  runUrl: 'https://github.com/o/r/actions/runs/1',
};

describe('renderModelCard', () => {
  it('has the sections of the Hugging Face template in its order', () => {
    const headings = [...renderModelCard(card).matchAll(/^(#+) (.*)$/gm)].map(
      ([, level, name]) => `${level} ${name}`,
    );
    expect(headings).toEqual([
      '# Model Card for next-best-action v1.4.0',
      '## Model Details',
      '### Model Description',
      '## Uses',
      '### Direct Use',
      '## Bias, Risks, and Limitations',
      '## How to Get Started with the Model',
      '## Training Details',
      '### Training Data',
      '### Training Procedure',
      '## Evaluation',
      '### Testing Data, Factors &amp; Metrics',
      '### Results',
      '## Model Examination',
      '## Model Card Contact',
    ]);
  });

  it.each([
    ['onnx', 'model.onnx takes 2 columns', 'pooled as rare', true],
    ['foreign-onnx', 'model.onnx was written by another tool', 'Another tool made it', true],
    ['opaque', 'model.tar holds what a program left', 'Another tool made it', false],
  ] as const)('says how a model of the format %s is used', (format, use, limit, hasLibrary) => {
    const markdown = renderModelCard({ ...card, format });
    const text = visibleText(htmlOf(markdown));
    expect(text).toContain(use);
    expect(text).toContain(limit);
    expect(markdown.includes('library_name: onnx')).toBe(hasLibrary);
  });

  it('says that nobody here knows what a model was trained on elsewhere', () => {
    const text = visibleText(htmlOf(renderModelCard({ ...card, trainedElsewhere: true })));
    expect(text).toContain('It was trained elsewhere');
    expect(text).not.toContain('to learn from');
  });

  it('shows scores with their intervals and says what nobody stated', () => {
    const html = htmlOf(renderModelCard(card));
    const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([row]) =>
      visibleText(row).trim().replaceAll('\u00A0', ' ').split('\n'),
    );
    expect(rows).toContainEqual(['log loss ↓', '0.2713', '0.2598 to 0.2829 (95 %)']);
    expect(rows).toContainEqual(['ROC AUC ↑', '0.8012', '–']);
    expect(rows).toContainEqual(['job', 'category', '0.8 %']);
    expect(visibleText(html)).toContain('Not stated. Write it under card in model-factory.yml.');
    expect(renderModelCard(card)).toContain('license: "CC-BY-4.0"');
  });

  it('shows users’ texts as they are, without markup', () => {
    const evil = '<img src=x onerror=alert(1)> [click](javascript:alert(1)) | `x`\n# heading';
    const markdown = renderModelCard({
      ...card,
      description: evil,
      owner: evil,
      inputs: [{ name: evil, type: 'number', missing: null }],
    });
    const body = htmlOf(markdown.replace(/^---\n[\s\S]*?\n---\n/, ''));
    expect(elementsOf(body)).not.toContain('img');
    expect(body).not.toContain('href="javascript:');
    expect(visibleText(body)).toContain('<img src=x onerror=alert(1)>');
  });

  it('warns when there is no test set', () => {
    const data = { ...card.data, holdoutRows: 0 };
    expect(renderModelCard({ ...card, data })).toContain('No test set was kept apart');
  });

  it('warns that a model of nearest neighbours holds its training rows', () => {
    const warning = 'The model file holds its training rows.';
    const trainer = 'k-nearest-neighbours';
    expect(visibleText(htmlOf(renderModelCard({ ...card, trainer })))).toContain(warning);
    expect(renderModelCard(card)).not.toContain(warning);
  });

  it('folds the coefficients of a linear model, those furthest from 0 first', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      feature: i === 39 ? null : `job=<b>${i}`,
      label: i % 2 ? 'yes' : 'no',
      value: i / 10 - 1,
      error: i === 0 ? null : 0.1,
    }));
    const shown = (coefficients: ModelCard['coefficients']) =>
      visibleText(htmlOf(renderModelCard({ ...card, coefficients }))).replaceAll('\u00A0', ' ');
    const known = shown({ trainer: 'logistic-regression', hasErrors: true, rows });
    expect(known).toContain('The 30 largest of 40 coefficients');
    expect(known).toContain('intercept\nyes\n2.900\n0.100\n29.0\n2.704 to 3.096');
    expect(known).toContain('job=<b>38\nno\n2.800');
    expect(known).not.toContain('job=<b>12\n');
    expect(known).toContain('the inverse of the penalised Hessian');
    const bare = shown({ trainer: 'elastic-net', hasErrors: false, rows: rows.slice(0, 2) });
    expect(bare).toContain('All 2 coefficients');
    expect(bare).toContain('without standard errors');
    expect(bare).not.toContain('95 % interval');
    const large = shown({ trainer: 'linear-regression', hasErrors: false, rows: rows.slice(0, 1) });
    expect(large).toContain('All 1 coefficient\n');
    expect(large).toContain('too large for standard errors');
    expect(shown(null)).not.toContain('coefficient');
  });

  it('can not be broken out of in the front matter', () => {
    const [, front] = renderModelCard({ ...card, licence: 'MIT"\n---\nevil: true' }).split('---\n');
    expect(front).toContain('license: "MIT\\"\\n---\\nevil: true"');
  });

  it('tells how far columns move the score, where that adds up', () => {
    const text = (contributions: ModelCard['contributions']) =>
      visibleText(htmlOf(renderModelCard({ ...card, contributions })));
    const own = card.contributions!;
    expect(text(own)).toContain('How far each column moves the log odds of yes of a row, up or down');
    expect(text(own)).toMatch(/job\s+0\.4128\s+age\s+0\.0510\s+1 further column moves it less\./);
    expect(text({ ...own, label: null, classes: 3, unit: 'score' })).toContain(', added over the classes.');
    const none = text({ ...own, columns: own.columns.map(({ column }) => ({ column, mean: 0 })) });
    expect(none).toBe(text(null));
    expect(none).not.toContain('How far each column');
  });

  it('says what the model looks at: the most important inputs, and how many count for less', () => {
    const inputs = Array.from({ length: 17 }, (_, i) => ({
      input: `x${i}`,
      mean: 0.05 - i / 500,
      deviation: 0.001,
    }));
    const importance = { metric: 'log_loss', rows: 2000, shuffles: 3, inputs, leftOut: 4 };
    const text = (given: ModelCard['importance']) =>
      visibleText(htmlOf(renderModelCard({ ...card, importance: given })));
    const many = text(importance);
    expect(many).toContain('log loss gets where the values of one input are shuffled among 2,000 rows');
    expect(many).toContain('log loss worse by');
    expect(many).toContain('0.0500');
    expect(many).toContain('x14');
    expect(many).not.toContain('x15');
    expect(many).toContain('6 further inputs count for less.');
    expect(text({ ...importance, inputs: [{ input: 'a', mean: 0, deviation: 0 }], leftOut: 0 })).toContain(
      'answers alike whatever its inputs are',
    );
    expect(text(null)).toContain('was not measured');
  });
});
