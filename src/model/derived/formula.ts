import { log } from '../../numeric/elementary.ts';

/** Operators of one and of two numbers: each is the ONNX operator of that name, on doubles. */
export type UnaryOperator = 'Abs' | 'Sign' | 'Log' | 'Floor';
export type BinaryOperator = 'Add' | 'Sub' | 'Mul' | 'Div';

/** A source column, a constant, or the result of an earlier instruction. */
export type Operand =
  | { readonly kind: 'source'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'result'; readonly index: number };

export type Instruction =
  | { readonly operator: UnaryOperator; readonly operands: readonly [Operand] }
  | { readonly operator: BinaryOperator; readonly operands: readonly [Operand, Operand] }
  /** How many of the ascending edges are at most the number; 0 for a missing one. */
  | { readonly operator: 'Bin'; readonly operands: readonly [Operand]; readonly edges: readonly number[] };

/**
 * A computation on columns of doubles, written once: `evaluate` runs it and the ONNX writer makes a node of each
 * instruction, so that both do the same operations in the same order. The last instruction is the result.
 */
export class Formula {
  readonly instructions: Instruction[] = [];

  source(index: number): Operand {
    return { kind: 'source', index };
  }

  unary(operator: UnaryOperator, operand: Operand): Operand {
    return this.push({ operator, operands: [operand] });
  }

  binary(operator: BinaryOperator, left: Operand, right: Operand | number): Operand {
    const other: Operand = typeof right === 'number' ? { kind: 'constant', value: right } : right;
    return this.push({ operator, operands: [left, other] });
  }

  bin(operand: Operand, edges: readonly number[]): Operand {
    return this.push({ operator: 'Bin', operands: [operand], edges });
  }

  /** Whole part of a quotient. */
  floorDiv(left: Operand, divisor: number): Operand {
    return this.unary('Floor', this.binary('Div', left, divisor));
  }

  private push(instruction: Instruction): Operand {
    return { kind: 'result', index: this.instructions.push(instruction) - 1 };
  }
}

/** The formula's result for each row of the sources, all of length `rows`. */
export function evaluate(
  { instructions }: Formula,
  sources: readonly Float64Array[],
  rows: number,
): Float64Array {
  const results: Float64Array[] = [];
  const valuesOf = (operand: Operand): Float64Array => {
    if (operand.kind === 'constant') return new Float64Array(rows).fill(operand.value);
    return (operand.kind === 'source' ? sources : results)[operand.index]!;
  };
  for (const instruction of instructions) {
    const [first, second = first] = instruction.operands.map(valuesOf);
    results.push(run(instruction, first!, second!));
  }
  return results.at(-1)!;
}

function run(instruction: Instruction, a: Float64Array, b: Float64Array): Float64Array {
  switch (instruction.operator) {
    case 'Abs':
      return a.map(Math.abs);
    case 'Sign':
      return a.map(Math.sign);
    case 'Log':
      return a.map(log);
    case 'Floor':
      return a.map(Math.floor);
    case 'Add':
      return a.map((value, row) => value + b[row]!);
    case 'Sub':
      return a.map((value, row) => value - b[row]!);
    case 'Mul':
      return a.map((value, row) => value * b[row]!);
    case 'Div':
      return a.map((value, row) => value / b[row]!);
    case 'Bin': {
      const { edges } = instruction;
      return a.map((value) => countAtMost(edges, value));
    }
  }
}

function countAtMost(edges: readonly number[], value: number): number {
  let count = 0;
  while (count < edges.length && edges[count]! <= value) count++;
  return count;
}
