"""What the libraries say that read and check JSON (`sfstream.core.json_mistakes`)."""

from __future__ import annotations

MISTAKES: dict[str, str] = {
    # jiter
    "EOF while parsing a list": "列表没有结束",
    "EOF while parsing an object": "对象没有结束",
    "EOF while parsing a string": "字符串没有结束",
    "EOF while parsing a value": "值没有结束",
    "expected `:`": "缺少 `:`",
    "expected `,` or `]`": "缺少 `,` 或 `]`",
    "expected `,` or `}}`": "缺少 `,` 或 `}}`",
    "expected ident": "不是有效的关键字",
    "expected value": "缺少值",
    "invalid escape": "转义无效",
    "invalid number": "数字无效",
    "number out of range": "数字超出范围",
    "invalid unicode code point": "Unicode 码点无效",
    "control character (\\u0000-\\u001F) found while parsing a string": "字符串中有控制字符（\\u0000-\\u001F）",
    "key must be a string": "键必须是字符串",
    "trailing comma": "末尾有多余的逗号",
    "trailing characters": "末尾有多余的字符",
    "recursion limit exceeded": "嵌套层次太深",
    'Detected duplicate key "{key}"': '键 "{key}" 重复',
    # pydantic
    "Input should be a valid integer": "应为整数",
    "Input should be a valid integer, unable to parse string as an integer": "应为整数，这段字符串无法解析为整数",
    "Input should be a valid integer, got a number with a fractional part": "应为整数，收到的数字有小数部分",
    "Input should be a valid number": "应为数字",
    "Input should be a valid number, unable to parse string as a number": "应为数字，这段字符串无法解析为数字",
    "Input should be a valid string": "应为字符串",
    "Input should be a valid boolean": "应为布尔值",
    "Input should be a valid boolean, unable to interpret input": "应为布尔值，无法解读这个值",
    "Input should be a valid array": "应为数组",
    "Input should be a valid date or datetime, {reason}": "应为日期或日期时间，{reason}",
    "Input should be a valid datetime, {reason}": "应为日期时间，{reason}",
    "Input should be a valid decimal": "应为十进制数",
    "Input should be an object": "应为对象",
    "Input should be null": "应为 null",
    "Input should be greater than or equal to {limit}": "应大于或等于 {limit}",
    "Input should be greater than {limit}": "应大于 {limit}",
    "Input should be less than or equal to {limit}": "应小于或等于 {limit}",
    "Input should be less than {limit}": "应小于 {limit}",
    "Input should be {choices}": "应为 {choices}",
    "String should have at least {count} character": "字符串至少应有 {count} 个字符",
    "String should have at least {count} characters": "字符串至少应有 {count} 个字符",
    "String should have at most {count} character": "字符串最多应有 {count} 个字符",
    "String should have at most {count} characters": "字符串最多应有 {count} 个字符",
    "String should match pattern '{pattern}'": "字符串应匹配 '{pattern}'",
    "List should have at least {count} item after validation, not {found}": (
        "列表至少应有 {count} 项，而不是 {found} 项"
    ),
    "List should have at least {count} items after validation, not {found}": (
        "列表至少应有 {count} 项，而不是 {found} 项"
    ),
    "List should have at most {count} item after validation, not {found}": (
        "列表最多应有 {count} 项，而不是 {found} 项"
    ),
    "List should have at most {count} items after validation, not {found}": (
        "列表最多应有 {count} 项，而不是 {found} 项"
    ),
    "Extra inputs are not permitted": "不允许有多余的字段",
    "Value error, {reason}": "值有误，{reason}",
    "Assertion failed, {reason}": "断言不成立，{reason}",
    "Unable to generate pydantic-core schema for {type}": "pydantic 无法为 {type} 生成 schema",
    # jsonschema
    "Additional properties are not allowed ({names} was unexpected)": "不允许有其他属性（{names}）",
    "Additional properties are not allowed ({names} were unexpected)": "不允许有其他属性（{names}）",
    "{name} is a required property": "缺少必需的属性 {name}",
    "{value} is not of type {type}": "{value} 的类型不是 {type}",
    "{value} is not one of {choices}": "{value} 不在 {choices} 之中",
    "{value} is not valid under any of the given schemas": "{value} 不符合其中任何一个 schema",
    "{value} is less than the minimum of {limit}": "{value} 小于最小值 {limit}",
    "{value} is greater than the maximum of {limit}": "{value} 大于最大值 {limit}",
    "{value} is too short": "{value} 太短",
    "{value} is too long": "{value} 太长",
    "{value} should be non-empty": "{value} 不应为空",
    "{value} has non-unique elements": "{value} 中有重复的元素",
    "{value} does not match {pattern}": "{value} 不匹配 {pattern}",
    "{value} was expected": "应为 {value}",
}
