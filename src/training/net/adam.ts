import type { DenseKernel } from './kernel.ts';
import type { NetworkMemory } from './memory.ts';

/** Constants of Adam (Kingma and Ba, 2015). */
export interface AdamRates {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam on a net's memory: it knows how many steps were taken, the memory holds the moments. */
export class Adam {
  private readonly kernel: DenseKernel;
  private readonly memory: NetworkMemory;
  private beta1Power = 1;
  private beta2Power = 1;

  constructor(kernel: DenseKernel, memory: NetworkMemory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  /** One step along the gradients. */
  step({ learningRate, beta1, beta2, epsilon }: AdamRates): void {
    this.beta1Power *= beta1;
    this.beta2Power *= beta2;
    const rate = (learningRate * Math.sqrt(1 - this.beta2Power)) / (1 - this.beta1Power);
    const [first, second] = this.memory.moments;
    const { parameters, gradients, parameterBytes } = this.memory;
    this.kernel.adam(
      parameters,
      gradients,
      first,
      second,
      parameterBytes,
      rate,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      epsilon,
    );
  }
}
