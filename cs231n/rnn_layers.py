"""The door to recurrent layers, for notebooks that look for them here; layers/ holds them."""

from .layers import affine_backward as affine_backward
from .layers import affine_forward as affine_forward
from .layers import attention_lstm_backward as attention_lstm_backward
from .layers import attention_lstm_forward as attention_lstm_forward
from .layers import attention_lstm_step_backward as attention_lstm_step_backward
from .layers import attention_lstm_step_forward as attention_lstm_step_forward
from .layers import dot_product_attention_backward as dot_product_attention_backward
from .layers import dot_product_attention_forward as dot_product_attention_forward
from .layers import lstm_backward as lstm_backward
from .layers import lstm_forward as lstm_forward
from .layers import lstm_step_backward as lstm_step_backward
from .layers import lstm_step_forward as lstm_step_forward
from .layers import rnn_backward as rnn_backward
from .layers import rnn_forward as rnn_forward
from .layers import rnn_step_backward as rnn_step_backward
from .layers import rnn_step_forward as rnn_step_forward
from .layers import sigmoid as sigmoid
from .layers import temporal_affine_backward as temporal_affine_backward
from .layers import temporal_affine_forward as temporal_affine_forward
from .layers import temporal_softmax_loss as temporal_softmax_loss
from .layers import word_embedding_backward as word_embedding_backward
from .layers import word_embedding_forward as word_embedding_forward
