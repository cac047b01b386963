"""Answers such as models write, in Chinese."""

from __future__ import annotations

SORTING = """## 快速排序与归并排序的区别

**快速排序：**平均时间复杂度为 \\(O(n\\log n)\\)，最坏情况下为 \\(O(n^2)\\)。
**归并排序：**无论什么情况都是 $O(n\\log n)$，但是需要额外的空间。

### 一、基本思想

1. **选择基准。**通常选第一个元素，也可以随机选择；
2. **分区。**把比基准小的放到左边，比基准大的放到右边；
3. **递归。**对左右两部分重复以上步骤，直到长度为1。

```python
def quick_sort(数组):
    if len(数组) <= 1:
        return 数组
    基准 = 数组[0]  # 选择第一个元素
    左 = [x for x in 数组[1:] if x < 基准]
    右 = [x for x in 数组[1:] if x >= 基准]
    return quick_sort(左) + [基准] + quick_sort(右)
```

### 二、对比

| 算法 | 平均 | 最坏 | 稳定性 |
|------|------|------|--------|
| 快速排序 | $O(n\\log n)$ | $O(n^2)$ | **不稳定** |
| 归并排序 | $O(n\\log n)$ | $O(n\\log n)$ | 稳定 |
| 冒泡排序 | $O(n^2)$ | $O(n^2)$ | 稳定 |

> **注意！**不要在几乎有序的数据上使用固定基准的快速排序。

所谓**“稳定”**的排序，是指相等元素的相对次序保持不变。~~冒泡排序已经没有用了。~~其实教学中仍然常用。
"""

TRAVEL = """好的，下面是一份三天的杭州行程，预算大约 ¥2,000（约 $280）。

### 第一天：西湖

- **上午**：从断桥出发，沿白堤走到孤山。
  - 门票：免费
  - 时间：约两小时
- **下午**：乘船去三潭印月（*船票 55 元*）。
- **晚上**：在河坊街吃饭，推荐“定胜糕”和**片儿川**。

### 第二天：灵隐

1. 早上七点以前到达，人比较少。
2. 灵隐寺门票 30 元，飞来峰门票 45 元。

   进寺以后请保持安静，不要对着佛像拍照。

3. 下午去龙井村喝茶，一杯大约 ￥60～￥100。

### 第三天：随意

如果天气好，可以骑车；如果下雨，就去[浙江省博物馆](https://www.zhejiangmuseum.com/)。

| 项目 | 费用（元） |
|:-----|-----------:|
| 住宿 | 800 |
| 餐饮 | 600 |
| 交通 | 300 |
| 门票 | 130 |

**温馨提示：**节假日人很多，请提前预订！祝您旅途愉快😊
"""

DERIVATIVE = r"""### 求导数

设函数 $f(x) = x^2 \sin x$，求 $f'(x)$。

**解：**利用乘积法则 \((uv)' = u'v + uv'\)，其中 \(u = x^2\)，\(v = \sin x\)。

\[
\begin{aligned}
f'(x) &= (x^2)' \sin x + x^2 (\sin x)' \\
      &= 2x\sin x + x^2\cos x
\end{aligned}
\]

所以答案是：
$$f'(x) = x(2\sin x + x\cos x)$$

- 当 \(x = 0\) 时，\(f'(0) = 0\)；
- 当 \(x = \pi\) 时，
  $$
  f'(\pi) = 2\pi\sin\pi + \pi^2\cos\pi
  = -\pi^2
  $$
- 矩阵形式：$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$，行列式为 $\det A = ad - bc$。

> **思考：**若 $g(x) = \dfrac{f(x)}{x}$（$x \neq 0$），$g'(x)$ 等于什么？

**答案：**$g'(x) = \sin x + x\cos x$。
"""

MIXED = """要在 Jupyter 里调用 API，可以这样做：

**第一步：**安装依赖

```bash
pip install openai requests
export API_KEY="sk-..."   # 不要写进笔记本
```

**第二步：**编写代码。注意`stream=True`这个参数：

```python
from openai import OpenAI

client = OpenAI(base_url="https://api.example.com/v1")
for chunk in client.chat.completions.create(
    model="some/model",
    messages=[{"role": "user", "content": "你好"}],
    stream=True,
):
    print(chunk.choices[0].delta.content or "", end="")
```

* **优点**：
    1. 首字延迟低（通常 < 1 秒）；
    2. 用户体验好。
* **缺点**：
    1. 需要处理*断线*、*超时*等情况；
    2. 代码稍微复杂。

- [x] 申请密钥
- [ ] 编写程序
- [ ] 测试**“断线重连”**的情况

如需更多信息，请访问 https://docs.example.com/zh/guide 或 www.example.com。
---
以上就是全部内容。
"""
