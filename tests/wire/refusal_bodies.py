"""Error responses as servers send them, and what they mean."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sfstream import errors

QUOTA = "You exceeded your current quota, please check your plan and billing details."


class Case(NamedTuple):
    """A refusal: its status, its body, the class that it means, and what its message says."""

    status: int
    body: object
    kind: type[errors.ServerRefusal]
    said: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False)


def error(message: Any, type_: Any = None, code: Any = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": type_, "param": None, "code": code} | more}


def extra_input(*loc: str) -> dict[str, Any]:
    return {"type": "extra_forbidden", "loc": ["body", *loc], "msg": "Extra inputs are not permitted", "input": 5}


def html_page(title: str, body: str = "") -> str:
    return f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>{body}</body>\n</html>\n"


_LESS, _MODELS, _MONEY = "Send less", "%sfmodels, or sfstream.models()", "Top up the account"
_CONTEXT = "longer than the model's context"

CONTEXT = {
    "openai": (400, error("This model's maximum context length is 4096 tokens.", code="context_length_exceeded")),
    "vllm": (400, {"object": "error", "message": "This model's maximum context length is 8 tokens.", "code": 400}),
    "llama.cpp": (400, error("the request exceeds the available context size", "exceed_context_size_error", 400)),
    "llama.cpp-500": (500, error("the request exceeds the available context size. try more", "server_error", 500)),
    "litellm": (400, error("litellm.ContextWindowExceededError: OpenAIException - too big", code="400")),
    "siliconflow": (400, {"code": 20015, "message": "length of prompt_tokens (9) must be less than max_seq_len (8)."}),
    "dashscope": (400, error("<400> InvalidParameter: Range of input length should be [1, 30720]")),
    "moonshot": (400, error("Invalid request: Your request exceeded model token limit: 8192")),
    "anthropic": (400, {"type": "error", "error": {"message": "prompt is too long: 9 tokens > 8 maximum"}}),
    "gemini": (400, [error("The input token count (9) exceeds the maximum number of tokens allowed (8).")]),
    "tgi": (422, error("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097.")),
    "baidu": (400, {"error_code": 336003, "error_msg": "the max input characters is 20000"}),
    "ollama": (500, {"error": "the input length exceeds the context length"}),
    "fireworks": (400, error("The prompt is too long: 9, model maximum context length: 8")),
    "xai": (400, {"code": "x", "error": "This model's maximum prompt length is 8 but the request contains 9 tokens."}),
    "openrouter": (400, error("Provider returned error", code=400, metadata={"raw": '{"message":"too many tokens"}'})),
    "openai-429": (429, error("The context_length_exceeded limit", code=429)),
    "chinese": (400, error("输入内容过长，超出模型的上下文长度", code="1261")),
}

NOT_FOUND = {
    "openai": (404, error("The model `m` does not exist or you do not have access to it.", code="model_not_found")),
    "siliconflow": (400, {"code": 20012, "message": "Model does not exist. Please check it carefully.", "data": None}),
    "litellm": (400, error("litellm.BadRequestError: There are no healthy deployments for this model. Group=m")),
    "litellm-name": (400, error("{'error': '/chat/completions: Invalid model name passed in model=m.'}", code="400")),
    "vllm": (
        404,
        {"object": "error", "message": "The model `m` does not exist.", "type": "NotFoundError", "code": 404},
    ),
    "ollama": (404, error('model "m" not found, try pulling it first', "api_error")),
    "ollama-500": (500, {"error": "model 'org/m:7b-q4.1' not found"}),
    "openrouter": (400, error("org/m is not a valid model ID", code=400)),
    "openrouter-404": (404, error("No endpoints found for org/m.", code=404)),
    "deepseek": (400, error("Model Not Exist", "invalid_request_error", "invalid_request_error")),
    "zhipu": (400, {"error": {"code": "1211", "message": "模型不存在，请检查模型代码。"}}),
    "mistral": (400, {"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"}),
    "groq": (400, error("The model `m` has been decommissioned.", code="model_decommissioned")),
    "together": (400, error("Unable to access model m.", "invalid_request_error", "model_not_available")),
    "new-api": (503, error("当前分组 default 下对于模型 m 无可用渠道", "new_api_error", "model_not_found")),
    "azure": (404, {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}}),
    "gemini": (400, [error("models/m is not found for API version v1main", status="NOT_FOUND")]),
    "dashscope": (400, {"code": "ModelNotFound", "message": "Model not exist.", "request_id": "r"}),
    "volcengine": (400, error("x", code="InvalidEndpointOrModel.NotFound")),
    "detail": (400, {"detail": "Unknown model m"}),
}

MONEY = {
    "openai": (429, error(QUOTA, "insufficient_quota", "insufficient_quota")),
    "openai-400": (400, error(QUOTA, "insufficient_quota", "insufficient_quota")),
    "deepseek": (402, error("Insufficient Balance", "unknown_error", "invalid_request_error")),
    "siliconflow": (403, {"code": 30001, "message": "Sorry, your account balance is insufficient", "data": None}),
    "dashscope": (400, error("Access denied, see that your account is in good standing.", code="Arrearage")),
    "dashscope-403": (403, error("The free tier has been used.", code="AllocationQuota.FreeTierOnly")),
    "zhipu": (429, {"error": {"code": "1113", "message": "余额不足或无可用资源包,请充值。"}}),
    "moonshot": (429, error("Your account is suspended", "exceeded_current_quota_error")),
    "anthropic": (400, {"type": "error", "error": {"message": "Your credit balance is too low to go on."}}),
    "openrouter": (402, error("This request requires more credits, or fewer max_tokens.", code=402)),
    "new-api": (403, error("用户额度不足, 剩余额度: 0", "new_api_error", "insufficient_user_quota")),
    "one-api": (401, error("该令牌额度已用尽", "one_api_error")),
    "litellm": (400, error("Budget has been exceeded! Current cost: 2, Max budget: 1", "budget_exceeded", "400")),
    "minimax": (400, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}),
    "volcengine": (
        403,
        error("The request failed because your account has an overdue balance.", code="AccountOverdue"),
    ),
    "empty": (402, ""),
}

KEYS = {
    "gemini": (400, [error("API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT")]),
    "xai": (400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: x***y."}),
    "litellm": (401, error("Authentication Error, No api key passed in.", "auth_error", "401")),
    "moonshot": (401, error("Invalid Authentication", "invalid_authentication_error")),
    "dashscope": (401, {"code": "InvalidApiKey", "message": "Invalid API-key provided.", "request_id": "r"}),
    "kong": (401, {"message": "No API key found in request", "request_id": "r"}),
    "apigee": (401, {"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}),
    "oauth": (401, {"error": "invalid_client", "error_description": "Client credentials are invalid"}),
    "one-api": (400, error("无效的令牌", "one_api_error")),
    "azure": (401, {"statusCode": 401, "message": "Access denied due to invalid subscription key."}),
}

LIMITS = {
    "litellm": (429, error("No deployments available for selected model, Try again in 5 seconds.", code="429")),
    "openrouter": (429, error("Provider returned error", code=429, metadata={"raw": "m is rate-limited upstream."})),
    "gemini": (429, [error(f"{QUOTA} Please retry in 51.7s.", status="RESOURCE_EXHAUSTED")]),
    "groq": (429, error("Rate limit reached for model `m`: Limit 6000, Used 5999.", "tokens", "rate_limit_exceeded")),
    "azure": (429, {"error": {"code": "429", "message": "Requests have exceeded token rate limit of your tier."}}),
    "baidu": (400, {"error_code": 18, "error_msg": "Open api qps request limit reached"}),
    "moonshot": (429, error("The engine is currently overloaded", "engine_overloaded_error")),
}

DAILY = {
    "groq": (429, error("Rate limit reached on tokens per day (TPD): Limit 100000", "tokens", "rate_limit_exceeded")),
    "openai": (429, error("Rate limit reached for requests per day (RPD)", code="rate_limit_exceeded")),
    "siliconflow": (429, {"message": "Request was rejected due to rate limiting. Details:RPH limit reached."}),
}

BUSY = {
    "408": (408, "Request Timeout"),
    "408-json": (408, error("Timed out reading the request body", "timeout")),
    "anthropic": (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
    "nginx": (502, html_page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr>nginx/1.24.0")),
    "kong": (503, {"message": "name resolution failed", "request_id": "r"}),
    "llama.cpp": (503, error("Loading model", "unavailable_error", 503)),
    "hugging-face": (503, {"error": "Model org/m is currently loading", "estimated_time": 20.0}),
    "ollama": (500, {"error": "model runner has unexpectedly stopped"}),
    "text": (500, "Internal Server Error"),
    "in-a-frame": (500, 'data: {"error":{"message":"the upstream is gone"}}\n\n'),
}

NEVER = {
    "cloudflare": (522, html_page("llm.example.org | 522: Connection timed out"), errors.ServerBusy),
    "challenge": (403, html_page("Just a moment..."), errors.AccessDenied),
    "groq-413": (413, error("Request too large for model `m` on tokens per minute (TPM)"), errors.TooLarge),
    "openai-429": (
        429,
        error("Request too large for m on tokens per min (TPM): Limit 3, Requested 4."),
        errors.TooLarge,
    ),
    "real-name": (402, {"code": 30005, "message": "Real-name verification is required"}, errors.AccessDenied),
    "real-name-zh": (403, {"message": "账号未完成实名认证"}, errors.AccessDenied),
    "flagged": (403, error("Input was flagged", code=403, metadata={"reasons": ["violence"]}), errors.AccessDenied),
    "filtered": (400, error("The prompt was filtered.", code="content_filter"), errors.RequestRefused),
}
"""Other refusals that no wait helps."""

CASES = {
    **{f"context-{name}": Case(*each, errors.TooLarge, (_CONTEXT, _LESS)) for name, each in CONTEXT.items()},
    **{f"model-{name}": Case(*each, errors.NotFound, (_MODELS,)) for name, each in NOT_FOUND.items()},
    **{f"money-{name}": Case(*each, errors.BalanceTooLow, (_MONEY,)) for name, each in MONEY.items()},
    **{f"key-{name}": Case(*each, errors.KeyRefused, ()) for name, each in KEYS.items()},
    **{f"limit-{name}": Case(*each, errors.RateLimited, ()) for name, each in LIMITS.items()},
    **{f"daily-{name}": Case(*each, errors.RateLimited, ("per hour or per day",)) for name, each in DAILY.items()},
    **{f"busy-{name}": Case(*each, errors.ServerBusy, ()) for name, each in BUSY.items()},
    **{f"never-{name}": Case(*each, ()) for name, each in NEVER.items()},
}
