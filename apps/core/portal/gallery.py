"""Sample data of the gallery page at /dev/ui/, which shows every component in both themes."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils import timezone


class SampleForm(forms.Form):
    """One field of each kind; bound to wrong data, so that errors show as well."""

    name = forms.CharField(label="Họ tên khách", max_length=80)
    plate = forms.CharField(label="Biển số", help_text="Ví dụ 51G-123.45")
    price = forms.CharField(label="Đơn giá", initial="1250000", required=False)
    kind = forms.ChoiceField(label="Loại xe", choices=[("sedan", "Sedan"), ("suv", "SUV"), ("truck", "Xe tải")])
    day = forms.DateField(label="Ngày hẹn", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label="Đăng kiểm", required=False)
    way = forms.ChoiceField(
        label="Cách thanh toán",
        widget=forms.RadioSelect,
        choices=[("cash", "Tiền mặt"), ("transfer", "Chuyển khoản"), ("card", "Thẻ")],
        initial="transfer",
    )
    remind = forms.BooleanField(label="Nhắc tôi trước một ngày", required=False, initial=True)
    sms = forms.BooleanField(label="Gửi tin nhắn cho khách", required=False, initial=True)


def _fill(values: dict[str, str], prefix: str) -> SampleForm:
    form = SampleForm({f"{prefix}-{name}": value for name, value in values.items()}, prefix=prefix)
    form.add_error("plate", "Biển số không đúng dạng, ví dụ 51G-123.45.")
    return form


def sample_context() -> dict[str, Any]:
    """Everything that templates/dev/ui.html names."""
    now = timezone.now()
    wrong = {
        "name": "Nguyễn Thị Minh Khai",
        "plate": "51G 12",
        "price": "1250000",
        "kind": "suv",
        "way": "transfer",
        "sms": "on",
    }
    return {
        "forms": {theme: _fill(wrong, theme) for theme in ("light", "dark")},
        "page": Paginator(range(184), 25).page(3),
        "now": now,
        "started": now - timedelta(minutes=42, seconds=17),
        "earlier": now - timedelta(hours=3),
        "yesterday": now - timedelta(days=1, hours=2),
        "chips": [
            {"label": "Trạng thái", "value": "Đang sửa", "url": "?a"},
            {"label": "Cố vấn", "value": "Lê Quốc Bảo", "url": "?b"},
        ],
        "tabs": [
            {"label": "Tổng quan", "url": "#", "active": True},
            {"label": "Báo giá", "url": "#", "count": 3, "tone": "attention"},
            {"label": "Công việc", "url": "#", "count": 5},
            {"label": "Phụ tùng", "url": "#"},
        ],
        "crumbs": [{"label": "Phiếu sửa chữa", "url": "#"}, {"label": "JC-20261120-0007"}],
        "steps": [
            {"label": "Tiếp nhận", "state": "done"},
            {"label": "Kiểm tra", "state": "done"},
            {"label": "Báo giá", "state": "done"},
            {"label": "Đang sửa", "state": "current"},
            {"label": "Kiểm tra chất lượng", "state": "todo"},
            {"label": "Giao xe", "state": "todo"},
        ],
        "photos": [
            {"url": static(f"baylink/img/icon-{size}.png"), "caption": f"Ảnh {size}", "note": "Má phanh trái"}
            for size in (180, 192, 512)
        ],
        "rows": [
            ("51G-123.45", "Toyota Vios 2021", "Nguyễn Minh Anh", "progress", "Đang sửa", "4.850.000 ₫"),
            (
                "30A-987.65",
                "Mazda CX-5 2020",
                "Công ty Vận tải Hòa Bình",
                "attention",
                "Chờ khách duyệt",
                "12.400.000 ₫",
            ),
            ("51H-045.12", "Ford Ranger 2019", "Trần Quốc Bảo", "done", "Hoàn tất", "2.150.000 ₫"),
            ("60A-332.10", "Kia Morning 2018", "Phạm Thị Hồng", "danger", "Trễ hẹn", "980.000 ₫"),
        ],
    }
