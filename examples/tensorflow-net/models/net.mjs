/** Two dense layers with normalisation between: every layer has a form in ONNX, so the release is `model.onnx`. */
export default function build({ tf, inputs, outputs, task, params }) {
  const activation = { binary: 'sigmoid', multiclass: 'softmax', regression: 'linear' }[task];
  return tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [inputs], units: params.units, activation: 'elu' }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.dense({ units: outputs, activation }),
    ],
  });
}
